'use strict'

const assert = require('node:assert/strict')
const { memoryUsage } = require('../..')

/** With SMALLOC_ENGINE_MEMORY=1 Rust lends nothing, and memoryUsage() stays as it is. */
const engineMemory = process.env.SMALLOC_ENGINE_MEMORY === '1'

/** Runs `action` and asserts that what is lent out grows by so many blocks and bytes meanwhile; returns its result. */
function lends (blocks, bytes, action) {
  const before = memoryUsage()
  const result = action()
  const after = memoryUsage()
  const expected = engineMemory ? before : { blocks: before.blocks + blocks, bytes: before.bytes + bytes }
  assert.deepEqual(after, expected)
  return result
}

module.exports = { lends }
