'use strict'

// What the process takes from the system while it holds nothing, and whether that grows.

const fs = require('node:fs')
const v8 = require('node:v8')

const MiB = 2 ** 20

/**
 * What is measured, and by how much the last third of the checkpoints may be above the first, by their medians. Single
 * checkpoints differ by 15 MiB resident, by 1 GiB of addresses that V8 reserves, by 60 mappings and 0.4 MiB of heap.
 */
const MARGINS = {
  'resident bytes': 16 * MiB,
  'bytes of address space': 1024 * MiB,
  threads: 0,
  mappings: 100,
  'bytes in the heap of the main thread': MiB
}

/**
 * In bytes: what may be resident while nothing is held. Node 20 takes 100 MiB with four workers, Node 24 takes 170; the
 * shelf could keep 1 GiB.
 */
const mostAtRest = (threads) => (160 + 32 * threads) * MiB

/** What the process has now; undefined where the system does not tell. */
function measure () {
  const status = read('/proc/self/status')
  return {
    'resident bytes': process.memoryUsage.rss(),
    'bytes of address space': status && fieldOf(status, 'VmSize') * 1024,
    threads: status && fieldOf(status, 'Threads'),
    mappings: read('/proc/self/maps')?.trimEnd().split('\n').length,
    'bytes in the heap of the main thread': v8.getHeapStatistics().used_heap_size
  }
}

function read (file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    return undefined
  }
}

const fieldOf = (status, name) => Number(status.match(new RegExp(`^${name}:\\s*(\\d+)`, 'm'))[1])

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
