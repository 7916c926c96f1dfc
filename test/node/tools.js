'use strict'

// What the calls of apis/ share: files, servers, streams, and bytes that mean something.

const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const localhost = '127.0.0.1'

/** No two next to each other are alike, none is 0. */
const somethingOf = (length) => Buffer.from(Array.from({ length }, (_, index) => (index * 37 + 11) % 251 + 1))
const something = somethingOf(64)

/** So many are in a block of Rust's. */
const large = somethingOf(200 << 10)

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

/** The object, after `action(object)`. */
function after (object, action) {
  action(object)
  return object
}

/** The promise; nobody has to catch its error. */
const quiet = (promise) => after(promise, () => promise.catch(() => {}))

/** For one call: what it makes, until `end`. */
function toolsOf () {
  const undo = []
  const later = (action) => undo.push(action)
  const abort = new AbortController()
  later(() => abort.abort())
  const failed = quiet(new Promise((resolve, reject) => {
    const fail = (error) => reject(Object.assign(new Error(error.stack), { name: 'Uncaught' }))
    for (const event of ['uncaughtException', 'unhandledRejection']) {
      process.on(event, fail)
      later(() => process.off(event, fail))
    }
  }))
  const folder = lazily(() => after(fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-node-')), (made) => {
    later(() => fs.rmSync(made, { recursive: true, force: true }))
  }))
  let count = 0
  const emptyFiles = []

  /** The path of a new file, with this content if there is one. */
  function file (content) {
    const file = path.join(folder(), `file-${++count}`)
    if (content !== undefined) fs.writeFileSync(file, content)
    else emptyFiles.push(file)
    return file
  }
  const flags = (content) => content === undefined ? 'w+' : 'r+'

  return {
    folder,
    file,
    /** Such a file, open for reading and writing. */
    open (content) {
      const path = file(content)
      const fd = fs.openSync(path, flags(content))
      later(() => fs.closeSync(fd))
      return { file: path, fd }
    },
    async openHandle (content) {
      const path = file(content)
      const handle = await fs.promises.open(path, flags(content))
      later(() => quiet(handle.close()))
      return { file: path, handle }
    },
    /** Something to be done at the end, which aborts `signal`. */
    later,
    signal: abort.signal,
    /** Rejects with an error that nobody catches. */
    failed,
    /** Whether one of the files without content has got some. */
    isMoved: () => emptyFiles.some((file) => fs.existsSync(file) && fs.statSync(file).size > 0),
    end: () => undo.splice(0).reverse().forEach((action) => action())
  }
}

/** The port on which the server listens, until the end of `t`. */
async function listening (server, t) {
  server.listen(0, localhost)
  t.later(() => {
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

/** All that a readable stream gives. */
async function collect (stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** A call of the table: the bytes of the object that it is given, and what it does with that. */
const given = (bytes, run) => ({ bytes, run })

/** What `action(callback)` calls back with: its value, or its error thrown. */
const called = (action) => new Promise((resolve, reject) => {
  action((error, ...values) => error ? reject(error) : resolve(values.length < 2 ? values[0] : values))
})

module.exports = {
  localhost, somethingOf, something, large, room, text, encoded, lazily, after, quiet, toolsOf, listening, writes, writesCorked,
  collect, called, given
}
