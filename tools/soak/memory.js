'use strict'

// What the process takes from the system while it holds nothing, and whether that grows.

const fs = require('node:fs')
const { median, MiB } = require('../bench/units')
const { sum } = require('./shared')

const RESIDENT = 'resident bytes outside of V8\'s heaps'
const OBJECTS = 'bytes of objects in V8\'s heaps'

/**
 * V8's heaps are made of pages of this size, which start at a multiple of it. V8 keeps 20 to 240 MiB of empty pages in a pool. The
 * number changes from one checkpoint to the next, so the pages are left out.
 */
const V8_PAGE_BYTES = 256 << 10

/** What is measured, and by how much the median of the last third of the checkpoints may be above that of the first third. */
const MARGINS = {
  // Single checkpoints differ by 5 MiB, by 2 MiB of objects and by 1 GiB of addresses that V8 reserves. In the first minute malloc
  // keeps 10 MiB more, in an arena for each thread.
  [RESIDENT]: 16 * MiB,
  [OBJECTS]: 2 * MiB,
  'bytes of address space': 1024 * MiB,
  threads: 0,
  mappings: 100
}

/**
 * How many bytes may be resident outside of V8's heaps while nothing is held. With four workers Node 20 takes 77 MiB and Node 24
 * takes 106. malloc may keep small pieces, which makes it 165.
 */
const mostAtRest = (threads) => (192 + 16 * threads) * MiB

/** What the process has now, where `all` are the counters of all threads. Undefined where the system does not tell. */
function measure (all) {
  const status = read('/proc/self/status')
  const mappings = mappingsOutsideOfHeaps()
  return {
    [RESIDENT]: mappings === undefined
      ? process.memoryUsage.rss() - sum(all, 'heapBytes')
      : mappings.reduce((total, mapping) => total + bytesOf(mapping, 'Rss'), 0),
    [OBJECTS]: sum(all, 'objectBytes'),
    'bytes of address space': status && bytesOf(status, 'VmSize'),
    threads: status && fieldOf(status, 'Threads'),
    mappings: mappings?.length
  }
}

/** All that is mapped but V8's pages, each an entry of smaps. */
function mappingsOutsideOfHeaps () {
  return read('/proc/self/smaps')?.split(/^(?=[0-9a-f]+-)/m).filter((mapping) => !isOfHeap(mapping))
}

/**
 * An entry begins with the range, the permissions, the offset, the device, the inode and the name. What shall have huge pages (`hg`) is
 * smalloc's: the middle of large engine memory, which starts and ends like V8's pages.
 */
function isOfHeap (mapping) {
  if (/^VmFlags:.* hg/m.test(mapping)) return false
  const [, start, end] = mapping.match(/^(\w+)-(\w+) rw-p \w+ \S+ 0 *\n/) ?? []
  return start !== undefined && [start, end].every((address) => parseInt(address, 16) % V8_PAGE_BYTES === 0)
}

function read (file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    return undefined
  }
}

const fieldOf = (text, name) => Number(text.match(new RegExp(`^${name}:\\s*(\\d+)`, 'm'))[1])
const bytesOf = (text, name) => fieldOf(text, name) * 1024

/** A sentence for each thing that has grown. Caches fill up in the first tenth of the checkpoints, which is left out. */
function growthOf (checkpoints) {
  const warm = checkpoints.slice(Math.ceil(checkpoints.length / 10))
  const third = Math.floor(warm.length / 3)
  if (third === 0) return []
  return Object.entries(MARGINS).flatMap(([name, margin]) => {
    const values = warm.map((checkpoint) => checkpoint[name])
    const [first, last] = [values.slice(0, third), values.slice(-third)].map(median)
    return last - first > margin ? [`${name} have grown from ${first} to ${last}, by more than ${margin}`] : []
  })
}

module.exports = { measure, mostAtRest, growthOf, OBJECTS, RESIDENT }
