'use strict'

// The native addon: finds it, loads it, and says what to do where it cannot be loaded.

const { isMainThread } = require('node:worker_threads')

const native = load()

function load () {
  const file = `smalloc.${platformName()}.node`
  try {
    return require(`../${file}`)
  } catch (error) {
    throw loadError(file, error)
  }
}

/** The name that @napi-rs/cli gives the build for this platform, such as 'linux-x64-gnu'. */
function platformName () {
  const { platform, arch } = process
  const abi = { linux: isMusl() ? 'musl' : 'gnu', win32: 'msvc' }[platform]
  return [platform, arch, abi].filter(Boolean).join('-')
}

function isMusl () {
  if (process.platform !== 'linux') return false
  const { header } = process.report?.getReport?.() ?? {}
  return header !== undefined && header.glibcVersionRuntime === undefined
}

function loadError (file, cause) {
  const { name, version } = require('../package.json')
  const isMissing = cause.code === 'MODULE_NOT_FOUND'
  const error = new Error([
    `${name} ${version} could not load its addon ${file} (${process.platform} ${process.arch}, Node ${process.version}).`,
    isMissing
      ? 'There is no such file: this package was installed without a build for this platform.'
      : `The file is there, but loading it failed: ${cause.message}`,
    `To build it, install Rust (https://rustup.rs), then run: npm rebuild ${name}, or npm ci in a clone.`
  ].join('\n'), { cause })
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
