'use strict'

// stream and stream/web.

const stream = require('node:stream')
const streamPromises = require('node:stream/promises')
const consumers = require('node:stream/consumers')
const web = require('node:stream/web')
const zlib = require('node:zlib')
const { after, collect, encoded, lazily, quiet, room, something, text, writes, writesCorked } = require('../tools')

const { Duplex, PassThrough, Readable, Transform, Writable } = stream

/** What a Writable gets when `write(writable)` has written. */
async function writtenTo (write, options) {
  const chunks = []
  const writable = new Writable({ ...options, write (chunk, encoding, done) { chunks.push(chunk) && done() } })
  const finished = streamPromises.finished(writable)
  write(writable)
  await finished
  return chunks
}

/** What a Readable gives that `push(readable)` has put something into. */
const pushed = (push, options) => all(after(new Readable({ ...options, read () {} }), (readable) => {
  push(readable)
  readable.push(null)
}))

/** What comes out of a web stream when `a` has gone in. */
async function through ({ readable, writable }, a) {
  const [chunks] = await Promise.all([all(readable), writtenToWeb(writable, a)])
  return chunks
}

async function writtenToWeb (writable, a) {
  const writer = writable.getWriter()
  await writer.write(a)
  await writer.close()
}

async function all (readable) {
  const chunks = []
  for await (const chunk of readable) chunks.push(chunk)
  if (!chunks.every(ArrayBuffer.isView)) return chunks
  return Buffer.concat(chunks.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)))
}

const source = (pull) => new web.ReadableStream({ type: 'bytes', pull })
const start = (a) => (controller) => {
  controller.enqueue(a)
  controller.close()
}
const enqueue = (a) => new web.ReadableStream({ type: 'bytes', start: start(a) })

/** What comes out of a stream into which `source` goes. */
async function piped (source) {
  const output = new PassThrough()
  const received = quiet(collect(output))
  await streamPromises.pipeline(source, output)
  return received
}

module.exports = {
  modules: { stream, 'stream/promises': streamPromises, 'stream/consumers': consumers, 'stream/web': web },
  calls: {
    'stream.Readable.from(a)': async (a) => all(Readable.from(a)),
    'stream.Readable.from([a])': async (a) => all(Readable.from([a])),
    'stream.Readable.from([a], bytes)': async (a) => all(Readable.from([a], { objectMode: false })),
    'stream.Readable.push(a)': async (a) => pushed((readable) => readable.push(a)),
    'stream.Readable.push(a), encoding': async (a) => pushed((readable) => readable.push(a), { encoding: 'hex' }),
    'stream.Readable.unshift(a)': async (a) => pushed((readable) => {
      readable.push('x')
      readable.unshift(a)
    }),
    'stream.Writable.write(a)': (a) => writtenTo(writes(a)),
    'stream.Writable.write(a) of objects': (a) => writtenTo(writes(a), { objectMode: true }),
    'stream.Writable.end(a)': (a) => writtenTo((writable) => writable.end(a)),
    'stream.Writable({ writev }) of a': async (a) => {
      const written = []
      const writable = new Writable({ writev (chunks, done) { written.push(chunks.map(({ chunk }) => chunk)) && done() } })
      writesCorked(a, a)(writable)
      await streamPromises.finished(writable)
      return written
    },
    'stream.PassThrough().end(a)': (a) => collect(new PassThrough().end(a)),
    'stream.Transform.push(a)': async (a) => collect(new Transform({ transform (chunk, encoding, done) { done(null, a) } }).end('x')),
    'stream.Duplex.from(a)': (a) => all(Duplex.from(a)),
    'stream.pipeline([a])': (a) => piped([a]),
    'stream.compose().end(a)': (a) => collect(stream.compose(new PassThrough(), new PassThrough()).end(a)),
    'stream.duplexPair() of a': (a) => {
      const [one, other] = stream.duplexPair()
      one.end(a)
      return collect(other)
    },
    'stream.Writable.toWeb().write(a)': async (a) => {
      const output = new PassThrough()
      const received = quiet(collect(output))
      await writtenToWeb(Writable.toWeb(output), a)
      return received
    },
    'stream.Readable.toWeb() of a': async (a) => all(Readable.toWeb(Readable.from([a], { objectMode: false }))),
    'stream.Readable.fromWeb() of a': (a) => collect(Readable.fromWeb(enqueue(a))),
    'stream._uint8ArrayToBuffer(a)': (a) => stream._uint8ArrayToBuffer(a),
    'stream._isArrayBufferView(a)': (a) => stream._isArrayBufferView(a),
    'stream._isUint8Array(a)': (a) => stream._isUint8Array(a),
    'stream/promises.pipeline([a])': (a) => piped(async function * () { yield a }),
    'stream/consumers.buffer of a': (a) => consumers.buffer(Readable.from([a])),
    'stream/consumers.arrayBuffer of a': (a) => consumers.arrayBuffer(Readable.from([a])),
    'stream/consumers.bytes of a': (a) => consumers.bytes(Readable.from([a])),
    'stream/consumers.blob of a': async (a) => (await consumers.blob(Readable.from([a]))).arrayBuffer(),
    'stream/consumers.text of a': { bytes: text('aäb'), run: (a) => consumers.text(Readable.from([a])) },
    'stream/consumers.json of a': { bytes: text('{"a":1}'), run: (a) => consumers.json(Readable.from([a])) },

    'stream/web.ReadableStreamBYOBReader.read(a)': {
      bytes: room,
      run: async (a) => {
        const reader = source((controller) => {
          const { view } = controller.byobRequest
          view.set(something.subarray(0, view.byteLength))
          controller.byobRequest.respond(view.byteLength)
        }).getReader({ mode: 'byob' })
        return (await reader.read(a)).value
      }
    },
    'stream/web.ReadableStreamBYOBReader.read(a) of what is there': {
      bytes: room,
      run: async (a) => (await enqueue(new Uint8Array(something)).getReader({ mode: 'byob' }).read(a)).value
    },
    'stream/web.ReadableByteStreamController.enqueue(a)': async (a) => all(enqueue(a)),
    'stream/web.ReadableStreamBYOBRequest.respondWithNewView(a)': {
      bytes: room,
      run: async (a) => {
        const reader = source((controller) => controller.byobRequest.respondWithNewView(a)).getReader({ mode: 'byob' })
        return (await reader.read(new Uint8Array(64))).value
      }
    },
    'stream/web.ReadableStream.from([a])': async (a) => all(web.ReadableStream.from([a])),
    'stream/web.ReadableStream({ start }), enqueue(a)': async (a) => all(new web.ReadableStream({ start: start(a) })),
    'stream/web.ReadableStream.tee() of a': async (a) => {
      const [one, other] = enqueue(a).tee()
      return [await all(one), await all(other)]
    },
    'stream/web.ReadableStream.tee() of objects': async (a) => {
      const [one, other] = web.ReadableStream.from([a]).tee()
      return [await all(one), await all(other)]
    },
    'stream/web.WritableStreamDefaultWriter.write(a)': async (a) => {
      const chunks = []
      await new web.WritableStream({ write: (chunk) => { chunks.push(chunk) } }).getWriter().write(a)
      return chunks
    },
    'stream/web.TransformStream of a': (a) => through(new web.TransformStream(), a),
    'stream/web.ByteLengthQueuingStrategy.size(a)': (a) => new web.ByteLengthQueuingStrategy({ highWaterMark: 1 }).size(a),
    'stream/web.TextDecoderStream of a': { bytes: text('aäb'), run: (a) => through(new web.TextDecoderStream(), a) },
    'stream/web.CompressionStream of a': { views: true, run: (a) => through(new web.CompressionStream('gzip'), a) },
    'stream/web.DecompressionStream of a': {
      views: true, bytes: lazily(() => encoded(zlib.gzipSync)), run: (a) => through(new web.DecompressionStream('gzip'), a)
    }
  },
  takesNoView: {
    stream: `Stream addAbortSignal destroy finished getDefaultHighWaterMark isDestroyed isDisturbed isErrored isReadable isWritable
      setDefaultHighWaterMark`,
    'stream/promises': 'finished',
    'stream/consumers': '',
    'stream/web': `CountQueuingStrategy ReadableStreamDefaultController ReadableStreamDefaultReader ReadableStreamTee
      TextEncoderStream TransformStreamDefaultController WritableStream WritableStreamDefaultController`
  }
}
