'use strict'

// Says why the addon could not be loaded, and what to do.

const fs = require('node:fs')
const path = require('node:path')
const { libc } = require('./platform')

const RUST = 'Rust 1.88 or newer (https://rustup.rs)'

/** `failures` are pairs of a file that was tried and the error that it met. */
function loadError (root, failures) {
  const { name, version } = require('../package.json')
  const tried = failures.map(({ file, error }) => ({ file, error, isThere: fs.existsSync(file) }))
  const broken = tried.find(({ isThere }) => isThere)
  const lines = [
    `${name} ${version} could not load its native addon on ${system()}.`,
    'Tried:',
    ...tried.map(({ file, error, isThere }) => `- ${file}: ${isThere ? error.message.trim() : 'there is no such file'}`),
    ...(broken ? doesNotLoad(broken.error) : isMissing(root)).map((line) => line.replaceAll('NAME', name)),
    ...howToBuild(root),
    `Or install it anew, on this system: npm uninstall ${name} && npm install ${name}@${version}`
  ]
  return Object.assign(new Error(lines.join('\n'), { cause: (broken ?? tried[0]).error }), { code: 'ERR_DLOPEN_FAILED' })
}

function system () {
  const { platform, arch, version } = process
  return [`${platform} ${arch}`, libc(), `Node ${version}`].filter(Boolean).join(', ')
}

function doesNotLoad ({ message }) {
  if (/GLIBC_[\d.]+.*not found|version `GLIBC/.test(message)) {
    return ['Cause: the C library of this system is older than the one that the addon was built for.']
  }
  return ['Cause: the file is damaged, or built for another system.']
}

function isMissing (root) {
  const others = fs.readdirSync(root).filter((file) => file.endsWith('.node'))
  if (others.length > 0) {
    return [`Cause: this copy of NAME has an addon for other systems only (${others.join(', ')}).`]
  }
  return [
    'Cause: this copy of NAME has no addon. Where it came from a git repository, its script `prepare` did not run or found',
    'no Rust. Package managers skip scripts with --ignore-scripts, and some those of packages that are not approved.'
  ]
}

function howToBuild (root) {
  const script = path.join(root, 'scripts', 'build-from-source.js')
  if (!fs.existsSync(script)) {
    return [`To fix it: ${script} is missing too. If a bundler has moved this file, declare the package external to it.`]
  }
  const first = hasCargo() ? '' : `first install ${RUST}: there is no cargo on the PATH. Then `
  return [`To fix it, ${first}build it: node ${quoted(script)}`]
}

const quoted = (file) => /\s/.test(file) ? `"${file}"` : file

function hasCargo () {
  const program = process.platform === 'win32' ? 'cargo.exe' : 'cargo'
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
  return folders.some((folder) => fs.existsSync(path.join(folder, program)))
}

module.exports = { loadError, RUST }
