'use strict'

// Names this system as the files of the addons do: smalloc.linux-x64-gnu.node.

const fs = require('node:fs')

/**
 * The C library of this process: 'glibc' or 'musl'; undefined if it is unknown, or if this is not Linux. The list of mapped
 * files has it. That takes 0.2 ms to read; process.report.getReport() takes 5 to 13 ms.
 */
function libc () {
  if (process.platform !== 'linux') return undefined
  try {
    return libcIn(fs.readFileSync('/proc/self/maps', 'latin1'))
  } catch (error) {
    return undefined // there is no /proc, or `--permission` forbids to read it
  }
}

/** musl is one file, `ld-musl-x86_64.so.1` or `libc.so`. glibc's is `libc.so.6`, before 2.34 `libc-2.33.so`. */
function libcIn (maps) {
  if (/\/(?:ld-musl-[^/]*|libc)\.so(?:\.1)?$/m.test(maps)) return 'musl'
  return /\/libc(?:\.so\.6|-2\.\d+\.so)$/m.test(maps) ? 'glibc' : undefined
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

module.exports = { libc, libcIn, platformNames }
