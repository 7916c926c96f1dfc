'use strict'

// Builds the addon for a platform that has no prebuilt one, in a clone or in an installed package. It needs only cargo.
//
//   node node_modules/smalloc/install/build-from-source.js

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { RUST } = require('../lib/native/load-error')
const { libc, platformNames } = require('../lib/native/platform')

const ROOT = path.join(__dirname, '..')

class Failure extends Error {}

function main () {
  const target = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-build-'))
  try {
    const library = build(target)
    const addon = path.join(ROOT, `smalloc.${platformNames()[0]}.node`)
    // Other processes may have the old file loaded, or load the new one in the middle of the copy.
    fs.copyFileSync(library, `${addon}.new`)
    fs.renameSync(`${addon}.new`, addon)
    console.log(`Built ${addon}`)
  } finally {
    fs.rmSync(target, { recursive: true, force: true })
  }
}

/** Runs cargo. Returns the path of the shared library that it has built. */
function build (target) {
  const args = ['build', '--release', '--locked', '--lib', '--message-format', 'json-render-diagnostics']
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

/** The environment for cargo. A CARGO_TARGET_DIR of the user wins over `target`. */
function environment (target) {
  const env = { CARGO_TARGET_DIR: target, ...process.env }
  // By default Rust links musl statically, and then it makes no shared library.
  if (libc() === 'musl') env.RUSTFLAGS = [env.RUSTFLAGS, '-C target-feature=-crt-static'].filter(Boolean).join(' ')
  return env
}

try {
  main()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  console.error(error.message)
  process.exitCode = 1
}
