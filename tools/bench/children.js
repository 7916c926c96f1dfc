'use strict'

// Runs parts of the benchmark in processes of their own.

const { execFile } = require('node:child_process')
const path = require('node:path')
const { promisify } = require('node:util')

const run = promisify(execFile)
const settings = { timeout: 300_000, maxBuffer: 64 << 20 }

/** What `script` (a file of this folder) prints as JSON when `node` runs it. */
async function answerOf (node, script, args) {
  const flags = script === 'es5-loop.js' ? [] : ['--expose-gc']
  const { stdout } = await run(node, [...flags, path.join(__dirname, script), ...args.map(String)], settings)
  return JSON.parse(stdout)
}

/** The versions of `node`, and whether it has `ArrayBuffer.prototype.transfer`. */
async function factsOf (node) {
  const expression = 'JSON.stringify({ versions: process.versions, transfer: !!ArrayBuffer.prototype.transfer })'
  const { stdout } = await run(node, ['-p', expression], settings)
  return JSON.parse(stdout)
}

module.exports = { answerOf, factsOf }
