'use strict'

// What the calls of apis/ share: files, sockets, streams, and bytes that mean something.

const { once } = require('node:events')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')

const localhost = '127.0.0.1'
const isWindows = process.platform === 'win32'

/** No two next to each other are alike, none is 0. */
const somethingOf = (length) => Buffer.from(Array.from({ length }, (_, index) => (index * 37 + 11) % 251 + 1))
const something = somethingOf(64)

/** Zeros, to be filled. */
const room = Buffer.alloc(64)

/** `text`, as long as a multiple of 8. */
const text = (text, filler = ' ') => Buffer.from(text.padEnd(Math.ceil(Buffer.byteLength(text) / 8) * 8, filler))

/** Of what `encode` gives for some bytes, one of a length that is a multiple of 8. */
function encoded (encode) {
  for (let length = 40; length < 400; length++) {
    const result = encode(somethingOf(length))
    if (result.length % 8 === 0) return result
  }
  throw new Error('no such length')
}

const lazily = (make) => {
  let value
  return () => (value ??= make())
}

/** The module, or undefined where the runtime has none. */
function optional (name) {
  const warn = process.emitWarning
  process.emitWarning = () => {}
  try {
    return require(name)
  } catch (error) {
    return undefined
  } finally {
    process.emitWarning = warn
  }
}

/** For one call: what it makes, until `end`. */
function toolsOf () {
  const folder = lazily(() => fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-node-')))
  const undo = []
  const abort = new AbortController()
  let fileCount = 0
  const emptyFiles = []
  let fail
  const failed = quiet(new Promise((resolve, reject) => { fail = reject }))
  const onUncaught = (error) => fail(Object.assign(new Error(error.stack), { name: 'Uncaught' }))
  process.on('uncaughtException', onUncaught)
  process.on('unhandledRejection', onUncaught)
  const tools = {
    signal: abort.signal,
    /** Rejects with an error that nobody catches, or with that of `fail`. */
    failed,
    /** Ends the call with an error of an event, where it cannot be thrown. */
    fail,
    /** Something to be done at the end. */
    later: (action) => undo.push(action),
    /** The path of a new file, with this content if there is one. */
    file (content) {
      const file = path.join(folder(), `file-${++fileCount}`)
      if (content !== undefined) fs.writeFileSync(file, content)
      else emptyFiles.push(file)
      return file
    },
    /** Such a file, open for reading and writing. */
    open (content) {
      const file = tools.file(content)
      const fd = fs.openSync(file, content === undefined ? 'w+' : 'r+')
      tools.later(() => fs.closeSync(fd))
      return { file, fd }
    },
    async openHandle (content) {
      const file = tools.file(content)
      const handle = await fs.promises.open(file, content === undefined ? 'w+' : 'r+')
      tools.later(() => handle.close().catch(() => {}))
      return { file, handle }
    },
    /** What a server receives until the client ends, if `send(socket)` has been called. */
    async received (send) {
      const server = net.createServer()
      const socket = net.connect(await listening(server, tools), localhost).on('error', () => {})
      tools.later(() => socket.destroy())
      const [peer] = await once(server, 'connection')
      tools.later(() => peer.destroy())
      const received = quiet(collect(peer))
      send(socket)
      return await received
    },
    /** Whether one of the files without content has got some. */
    isMoved: () => emptyFiles.some((file) => fs.existsSync(file) && fs.statSync(file).size > 0),
    end () {
      for (const action of undo.reverse()) action()
      if (fileCount > 0) fs.rmSync(folder(), { recursive: true, force: true })
      abort.abort()
      process.off('uncaughtException', onUncaught)
      process.off('unhandledRejection', onUncaught)
    }
  }
  return tools
}

/** The port on which the server listens, until the end of the test or call of which `tools` are. */
async function listening (server, tools) {
  server.listen(0, localhost)
  tools.later(() => {
    server.close()
    server.closeAllConnections?.()
  })
  await once(server, 'listening')
  return server.address().port
}

/** Writes the chunks to a writable stream and ends it. */
const writes = (...chunks) => (writable) => {
  for (const chunk of chunks) writable.write(chunk)
  writable.end()
}

/** The same, corked: they are written together. */
const writesCorked = (...chunks) => (writable) => {
  writable.cork()
  for (const chunk of chunks) writable.write(chunk)
  writable.uncork()
  writable.end()
}

/** The object, after `action(object)`. */
function after (object, action) {
  action(object)
  return object
}

/** The promise; nobody has to catch its error. */
function quiet (promise) {
  promise.catch(() => {})
  return promise
}

/** All that a readable stream gives. */
async function collect (stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** What `action(callback)` calls back with: its value, or its error thrown. */
const called = (action) => new Promise((resolve, reject) => {
  action((error, ...values) => error ? reject(error) : resolve(values.length < 2 ? values[0] : values))
})

module.exports = {
  somethingOf, something, room, text, encoded, lazily, optional, toolsOf, listening, localhost, writes, writesCorked, after,
  quiet, collect, called, isWindows
}
