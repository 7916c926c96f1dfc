'use strict'

// What the process takes from the system while it holds nothing, and whether that grows.

const fs = require('node:fs')

const MiB = 2 ** 20

/**
 * What is measured, and by how much the last third of the checkpoints may be above the first, by their medians. Single
 * checkpoints of half a minute differ by 3 MiB, by 0.8 MiB of objects, by 50 MiB of addresses, and by 200 mappings: a
 * heap of V8's is of mapped pages, of which it keeps more or less. Shorter ones differ by up to 1 GiB of addresses.
 */
const MARGINS = {
  'resident bytes outside of V8\'s heaps': 8 * MiB,
  'bytes of objects in V8\'s heaps': 2 * MiB,
  'bytes of address space': 1024 * MiB,
  threads: 0,
  mappings: 400
}

/**
 * In bytes: what may be resident while nothing is held. Node 20 takes up to 170 MiB with four workers; the shelf could
 * keep 1 GiB.
 */
const mostAtRest = (threads) => (160 + 32 * threads) * MiB

/** What the process has now, where `tallies` are those of all its threads; undefined where the system does not tell. */
function measure (tallies) {
  const status = read('/proc/self/status')
  return {
    'resident bytes outside of V8\'s heaps': process.memoryUsage.rss() - tallies.sum('heap'),
    'bytes of objects in V8\'s heaps': tallies.sum('objects'),
    'bytes of address space': status && fieldOf(status, 'VmSize') * 1024,
    threads: status && fieldOf(status, 'Threads'),
    mappings: read('/proc/self/maps')?.trimEnd().split('\n').length
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
