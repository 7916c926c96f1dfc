'use strict'

const cache = require('../memory/cache')
const { cachedBytes, lentBlocks, lentBytes } = require('../native/binding')

/**
 * The blocks that allocations hold, and their bytes, on all threads; and `cached`, the bytes that wait for the next allocation,
 * in blocks and engine memory.
 */
function memoryUsage () {
  cache.tell()
  return { blocks: lentBlocks(), bytes: lentBytes(), cached: cachedBytes() }
}

module.exports = { memoryUsage }
