'use strict'

const cache = require('../memory/cache')
const { cachedBytes, lentBlocks, lentBytes } = require('../native/binding')

/**
 * What this process has from Rust, on all threads: the blocks that allocations hold and their bytes; and `cached`, the
 * bytes that wait for the next allocation.
 */
function memoryUsage () {
  cache.tell()
  return { blocks: lentBlocks(), bytes: lentBytes(), cached: cachedBytes() }
}

module.exports = { memoryUsage }
