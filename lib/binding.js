'use strict'

// The native addon: finds it, loads it, and says what to do where it cannot be loaded.

const { isMainThread } = require('node:worker_threads')

const native = load()

function load () {
  const failures = []
  for (const platform of platformNames()) {
    try {
      return require(`../smalloc.${platform}.node`)
    } catch (error) {
      failures.push({ file: `smalloc.${platform}.node`, error })
    }
  }
  throw loadError(failures)
}

/** What @napi-rs/cli calls builds that may run here, such as 'linux-x64-gnu'; the likelier one first. */
function platformNames () {
  const { platform, arch } = process
  const abis = { linux: ['-gnu', '-musl'], win32: ['-msvc'] }[platform] ?? ['']
  return abis.map((abi) => `${platform}-${arch}${abi}`)
}

function loadError (failures) {
  const { name, version } = require('../package.json')
  const reasons = failures.map(({ file, error }) => error.code === 'MODULE_NOT_FOUND'
    ? `- ${file} is not there: the package was installed without a build for this platform.`
    : `- ${file} is there, but did not load: ${error.message}`)
  const error = new Error([
    `${name} ${version} could not load its addon on ${process.platform} ${process.arch}, Node ${process.version}:`,
    ...reasons,
    'To build it, install Rust (https://rustup.rs) and run `npm ci` in a clone of its repository.'
  ].join('\n'), { cause: failures[0].error })
  error.code = 'ERR_DLOPEN_FAILED'
  return error
}

/**
 * Whether blocks may be lent at all. Not where the user asks for engine memory; and not to a worker that could pass one
 * on to another thread, for Node frees it when the worker ends: see src/external.rs.
 */
const mayLend = process.env.SMALLOC_ENGINE_MEMORY !== '1' && (isMainThread || !('transfer' in ArrayBuffer.prototype))

/** What Rust has lent out in this process, on all threads: the number of blocks and their bytes. */
function memoryUsage () {
  return { blocks: native.lentBlocks(), bytes: native.lentBytes() }
}

module.exports = {
  lend: native.lend,
  takeBack: native.takeBack,
  copyBytes: native.copyBytes,
  turned: native.turned,
  mayLend,
  memoryUsage
}
