'use strict'

// What system this is, in the names that @napi-rs/cli gives to builds.

const fs = require('node:fs')

/** The C library that this process runs on: 'glibc' or 'musl'; undefined where it cannot be told, or is not Linux. */
function libc () {
  if (process.platform !== 'linux') return undefined
  const head = headOf(process.execPath)
  if (head.includes('/ld-musl-')) return 'musl'
  return head.includes('/ld-linux') ? 'glibc' : undefined
}

/** In bytes. */
const HEAD = 2048

/** An ELF program names its loader here. Reading it takes 0.4 ms, process.report.getReport() 5 to 13. */
function headOf (file) {
  const head = Buffer.alloc(HEAD)
  try {
    const descriptor = fs.openSync(file)
    try {
      return head.toString('latin1', 0, fs.readSync(descriptor, head, 0, HEAD))
    } finally {
      fs.closeSync(descriptor)
    }
  } catch (error) {
    return ''
  }
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
