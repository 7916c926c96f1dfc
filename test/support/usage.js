'use strict'

const assert = require('node:assert/strict')
const { memoryUsage } = require('../..')
const { isEngineMemory } = require('./runtime')

/** The blocks that allocations hold, without the cache. */
function inUse () {
  const { blocks, bytes } = memoryUsage()
  return { blocks, bytes }
}

/** Runs `action` and asserts that what is lent out grows by so many blocks and bytes meanwhile; returns its result. */
function lends (blocks, bytes, action) {
  const before = inUse()
  const result = action()
  const after = inUse()
  const expected = isEngineMemory ? before : { blocks: before.blocks + blocks, bytes: before.bytes + bytes }
  assert.deepEqual(after, expected)
  return result
}

module.exports = { inUse, lends }
