'use strict'

// Names this system in the way in which @napi-rs/cli names builds.

const path = require('node:path')
const { interpreterOf } = require('./elf')

/**
 * The C library of this process: 'glibc' or 'musl'; undefined if it is unknown, or if this is not Linux. The name of the
 * program's loader tells it. That takes 0.4 ms to read; process.report.getReport() takes 5 to 13 ms.
 */
function libc () {
  if (process.platform !== 'linux') return undefined
  const loader = path.basename(interpreterOf(process.execPath))
  if (loader.startsWith('ld-musl-')) return 'musl'
  return /^ld(-linux.*|64)\.so/.test(loader) ? 'glibc' : undefined
}

/** The builds that may run here, such as 'linux-x64-gnu'. The likelier one comes first. */
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
