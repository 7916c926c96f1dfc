'use strict'

// What system this is, in the names that @napi-rs/cli gives to builds.

const path = require('node:path')
const { interpreterOf } = require('./elf')

/**
 * The C library that this process runs on: 'glibc' or 'musl'; undefined where it cannot be told, or is not Linux. The name
 * of the loader tells, which takes 0.4 ms to read; process.report.getReport() takes 5 to 13.
 */
function libc () {
  if (process.platform !== 'linux') return undefined
  const loader = path.basename(interpreterOf(process.execPath))
  if (loader.startsWith('ld-musl-')) return 'musl'
  return /^ld(-linux.*|64)\.so/.test(loader) ? 'glibc' : undefined
}

/** Builds that may run here, such as 'linux-x64-gnu'; the likelier one first. */
function platformNames () {
  const { platform, arch } = process
  return abis().map((abi) => `${platform}-${arch}${abi}`)
}

function abis () {
  if (process.platform === 'win32') return ['-msvc']
  if (process.platform !== 'linux') return ['']
  const names = process.arch === 'arm' ? ['-gnueabihf', '-musleabihf'] : ['-gnu', '-musl']
  return libc() === 'musl' ? names.reverse() : names
}

module.exports = { libc, platformNames }
