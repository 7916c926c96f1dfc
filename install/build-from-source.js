'use strict'

// Builds the addon, in a clone or in an installed package for whose platform there is none. It needs only cargo.
//
//   node node_modules/smalloc/install/build-from-source.js [--target TARGET] [--zig] [--target-dir FOLDER]
//
// TARGET is what Rust calls another platform; its standard library must be installed. With --zig, cargo-zigbuild links, and
// TARGET may end with a version of glibc. FOLDER (or CARGO_TARGET_DIR) keeps what cargo has compiled; else that is deleted.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { RUST } = require('../lib/native/load-error')
const { libc, platformNames } = require('../lib/native/platform')

const ROOT = path.join(__dirname, '..')
const OPTIONS = { target: { type: 'string' }, zig: { type: 'boolean' }, 'target-dir': { type: 'string' } }

class Failure extends Error {}

function main () {
  const { target, zig, 'target-dir': kept = process.env.CARGO_TARGET_DIR } = parseArgs({ options: OPTIONS }).values
  const folder = kept ?? fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-build-'))
  try {
    const library = build(target, zig ? 'zigbuild' : 'build', folder)
    const addon = path.join(ROOT, `smalloc.${target === undefined ? platformNames()[0] : platformOf(target)}.node`)
    // Other processes may have the old file loaded, or load the new one in the middle of the copy.
    fs.copyFileSync(library, `${addon}.new`)
    fs.renameSync(`${addon}.new`, addon)
    console.log(`Built ${addon}`)
  } finally {
    if (kept === undefined) fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs cargo. Returns the path of the shared library that it has built. */
function build (target, command, folder) {
  const args = [command, '--release', '--locked', '--lib', '--message-format', 'json-render-diagnostics', '--target-dir', folder]
  if (target !== undefined) args.push('--target', target)
  const { error, status, stdout } = spawnSync('cargo', args, {
    cwd: ROOT, env: environment(target), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 64 << 20
  })
  if (error?.code === 'ENOENT') throw new Failure(`There is no cargo on the PATH: install ${RUST}.`)
  if (error) throw error
  if (status !== 0) throw new Failure(`cargo ${args.join(' ')} failed; see above. It needs ${RUST}.`)
  const messages = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
  const files = messages.filter(({ target }) => target?.name === 'smalloc').flatMap(({ filenames }) => filenames ?? [])
  const library = files.find((file) => /\.(so|dylib|dll)$/.test(file))
  if (library === undefined) throw new Failure(`cargo has built no shared library, but ${files.join(', ')}.`)
  return library
}

/** The environment for cargo. By default Rust links musl statically, and then it makes no shared library. */
function environment (target) {
  const isMusl = target === undefined ? libc() === 'musl' : target.includes('musl')
  if (!isMusl) return process.env
  return { ...process.env, RUSTFLAGS: [process.env.RUSTFLAGS, '-C target-feature=-crt-static'].filter(Boolean).join(' ') }
}

/** The platform of a target, such as 'linux-x64-gnu' for x86_64-unknown-linux-gnu.2.17. */
function platformOf (target) {
  const [cpu, , system, abi] = target.replace(/\.\d.*/, '').split('-')
  const platform = { windows: 'win32' }[system] ?? system
  return [platform, { x86_64: 'x64', aarch64: 'arm64' }[cpu] ?? cpu, abi].filter(Boolean).join('-')
}

try {
  main()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  console.error(error.message)
  process.exitCode = 1
}
