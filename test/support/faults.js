'use strict'

// Builds the addon that refuses what it is told to refuse (src/testing/faults.rs), and lays out a package around it.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { platformNames } = require('../../lib/native/platform')

const ROOT = path.join(__dirname, '..', '..')
const TARGET = path.join(ROOT, 'target', 'faults')

const libraries = { darwin: 'libsmalloc.dylib', win32: 'smalloc.dll' }

/** Returns the folder of the package. To build the addon takes a minute the first time, and a second after that. */
function buildPackage () {
  // tools/platforms.js runs the test where there is no cargo.
  const addon = process.env.SMALLOC_FAULTS_ADDON ?? build()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-faults-'))
  for (const name of ['index.js', 'package.json', 'lib']) {
    fs.cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true })
  }
  fs.copyFileSync(addon, path.join(folder, `smalloc.${platformNames()[0]}.node`))
  return folder
}

/** Returns the path of the addon. */
function build () {
  const args = ['build', '--lib', '--locked', '--features', 'faults', '--target-dir', TARGET]
  // Optimized a little, so that copies of 128 MiB take no seconds; a release build does not take the feature.
  const env = { ...process.env, CARGO_PROFILE_DEV_OPT_LEVEL: '1' }
  const { status, stderr, error } = spawnSync('cargo', args, { cwd: ROOT, env, encoding: 'utf8' })
  if (status !== 0) throw error ?? new Error(`cargo ${args.join(' ')} failed:\n${stderr}`)
  return path.join(TARGET, 'debug', libraries[process.platform] ?? 'libsmalloc.so')
}

module.exports = { buildPackage }
