'use strict'

// What runs the tests, and which kind of memory it uses.

const isBun = process.versions.bun !== undefined
const isDeno = process.versions.deno !== undefined

module.exports = {
  isBun,
  isNode: !isBun && !isDeno,
  /** With SMALLOC_ENGINE_MEMORY=1 Rust lends nothing, and memoryUsage() stays as it is. */
  isEngineMemory: process.env.SMALLOC_ENGINE_MEMORY === '1'
}
