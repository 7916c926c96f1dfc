'use strict'

// What the process takes from the system while it holds nothing, and whether that grows.

const fs = require('node:fs')

const MiB = 2 ** 20

/**
 * In bytes. V8's heaps are of pages of this size, which start at a multiple of it. It keeps empty ones in a pool, 20 to
 * 240 MiB of them, more or less from one checkpoint to the next: they are left out.
 */
const V8_PAGE = 256 << 10

/** What is measured, and by how much the last third of the checkpoints may be above the first, by their medians. */
const MARGINS = {
  // Single checkpoints differ by 5 MiB, by 2 MiB of objects and by 1 GiB of addresses that V8 reserves. In the first minute
  // malloc comes to keep 10 MiB more, in an arena a thread.
  'resident bytes outside of V8\'s heaps': 16 * MiB,
  'bytes of objects in V8\'s heaps': 2 * MiB,
  'bytes of address space': 1024 * MiB,
  threads: 0,
  mappings: 100
}

/**
 * In bytes: what may be resident outside of V8's heaps while nothing is held. Node 20 takes 77 MiB with four workers,
 * Node 24 takes 106, and with what malloc keeps of small pieces up to 165; 1 GiB could wait for a next use.
 */
const mostAtRest = (threads) => (192 + 16 * threads) * MiB

/** What the process has now, where `tallies` are those of all its threads; undefined where the system does not tell. */
function measure (tallies) {
  const status = read('/proc/self/status')
  const mappings = mappingsOutsideOfHeaps()
  return {
    'resident bytes outside of V8\'s heaps': mappings === undefined
      ? process.memoryUsage.rss() - tallies.sum('heap')
      : mappings.reduce((sum, mapping) => sum + bytesOf(mapping, 'Rss'), 0),
    'bytes of objects in V8\'s heaps': tallies.sum('objects'),
    'bytes of address space': status && bytesOf(status, 'VmSize'),
    threads: status && fieldOf(status, 'Threads'),
    mappings: mappings?.length
  }
}

/** All that is mapped but V8's pages, each an entry of smaps. */
function mappingsOutsideOfHeaps () {
  return read('/proc/self/smaps')?.split(/^(?=[0-9a-f]+-)/m).filter((mapping) => !isOfHeap(mapping))
}

/** An entry begins with the range, the permissions, the offset, the device, the inode and the name. */
function isOfHeap (mapping) {
  const [, start, end] = mapping.match(/^(\w+)-(\w+) rw-p \w+ \S+ 0 *\n/) ?? []
  return start !== undefined && [start, end].every((address) => parseInt(address, 16) % V8_PAGE === 0)
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

/**
 * What has grown, in words, one for each. The first tenth of the checkpoints is left out: caches fill up then. Fewer
 * than three after it tell nothing.
 */
function growthOf (checkpoints) {
  const warm = checkpoints.slice(Math.ceil(checkpoints.length / 10))
  const third = Math.floor(warm.length / 3)
  if (third === 0) return []
  return Object.entries(MARGINS).flatMap(([name, margin]) => {
    const values = warm.map((checkpoint) => checkpoint[name])
    const [first, last] = [values.slice(0, third), values.slice(-third)].map(medianOf)
    return last - first > margin ? [`${name} have grown from ${first} to ${last}, by more than ${margin}`] : []
  })
}

function medianOf (values) {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}

module.exports = { measure, mostAtRest, growthOf }
