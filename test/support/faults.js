'use strict'

// Builds the addon that refuses what it is told to refuse (src/testing/faults.rs), and lays out a package around it.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { platformNames } = require('../../lib/native/platform')
const { outputOf } = require('./child')

const ROOT = path.join(__dirname, '..', '..')
const TARGET = path.join(ROOT, 'target', 'faults')

const libraries = { darwin: 'libsmalloc.dylib', win32: 'smalloc.dll' }

/** Resolves to the folder of the package. To build the addon takes a minute the first time, and a second after that. */
async function buildPackage () {
  // tools/platforms.js runs the test where there is no cargo.
  const addon = process.env.SMALLOC_FAULTS_ADDON ?? await build()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-faults-'))
  for (const name of ['index.js', 'package.json', 'lib']) {
    fs.cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true })
  }
  fs.copyFileSync(addon, path.join(folder, `smalloc.${platformNames()[0]}.node`))
  return folder
}

/** Resolves to the path of the addon. */
async function build () {
  const command = ['cargo', 'build', '--lib', '--locked', '--features', 'faults', '--target-dir', TARGET]
  // Optimized a little, so that copies of 128 MiB take no seconds. A release build does not take the feature.
  await outputOf(command, { cwd: ROOT, env: { CARGO_PROFILE_DEV_OPT_LEVEL: '1' }, timeout: 600_000 })
  return path.join(TARGET, 'debug', libraries[process.platform] ?? 'libsmalloc.so')
}

module.exports = { buildPackage }
