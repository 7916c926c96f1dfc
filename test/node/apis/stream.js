'use strict'

// stream and stream/web.

const stream = require('node:stream')
const streamPromises = require('node:stream/promises')
const consumers = require('node:stream/consumers')
const web = require('node:stream/web')
const zlib = require('node:zlib')
const { after, collect, encoded, given, lazily, quiet, room, something, text, writes, writesCorked } = require('../tools')

const { PassThrough, Readable, Transform, Writable } = stream

/** What a Writable gets when `write(writable)` has written. */
async function writtenTo (write, method) {
  const chunks = []
  const writable = new Writable(method(chunks))
  const finished = streamPromises.finished(writable)
  write(writable)
  await finished
  return chunks
}

const write = (written) => ({ write (chunk, encoding, done) { written.push(chunk) && done() } })
const writev = (written) => ({ writev (chunks, done) { written.push(chunks.map(({ chunk }) => chunk)) && done() } })

/** What a Readable gives that `method` has put `a` into. */
const pushed = (method, options) => async (a) => all(after(new Readable({ ...options, read () {} }), (readable) => {
  readable[method](a)
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
const enqueue = (a) => new web.ReadableStream({
  type: 'bytes',
  start (controller) {
    controller.enqueue(a)
    controller.close()
  }
})

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
    'stream.Readable.from([a], bytes)': async (a) => all(Readable.from([a], { objectMode: false })),
    'stream.Readable.push(a)': pushed('push'),
    'stream.Readable.push(a), encoding': pushed('push', { encoding: 'hex' }),
    'stream.Readable.unshift(a)': pushed('unshift'),
    'stream.Writable.write(a)': (a) => writtenTo(writes(a), write),
    'stream.Writable.end(a)': (a) => writtenTo((writable) => writable.end(a), write),
    'stream.Writable({ writev }) of a': (a) => writtenTo(writesCorked(a, a), writev),
    'stream.PassThrough().end(a)': (a) => collect(new PassThrough().end(a)),
    'stream.Transform.push(a)': async (a) => collect(new Transform({ transform (chunk, encoding, done) { done(null, a) } }).end('x')),
    'stream.pipeline([a])': (a) => piped([a]),
    'stream.compose().end(a)': (a) => collect(stream.compose(new PassThrough(), new PassThrough()).end(a)),
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
    'stream/consumers.text of a': given(text('aäb'), (a) => consumers.text(Readable.from([a]))),
    'stream/consumers.json of a': given(text('{"a":1}'), (a) => consumers.json(Readable.from([a]))),

    'stream/web.ReadableStreamBYOBReader.read(a)': given(room, async (a) => {
      const reader = source((controller) => {
        const { view } = controller.byobRequest
        view.set(something.subarray(0, view.byteLength))
        controller.byobRequest.respond(view.byteLength)
      }).getReader({ mode: 'byob' })
      return (await reader.read(a)).value
    }),
    'stream/web.ReadableStreamBYOBReader.read(a) of what is there': given(
      room, async (a) => (await enqueue(new Uint8Array(something)).getReader({ mode: 'byob' }).read(a)).value),
    'stream/web.ReadableByteStreamController.enqueue(a)': async (a) => all(enqueue(a)),
    'stream/web.ReadableStreamBYOBRequest.respondWithNewView(a)': given(room, async (a) => {
      const reader = source((controller) => controller.byobRequest.respondWithNewView(a)).getReader({ mode: 'byob' })
      return (await reader.read(new Uint8Array(64))).value
    }),
    'stream/web.ReadableStream.tee() of a': async (a) => {
      const [one, other] = enqueue(a).tee()
      return [await all(one), await all(other)]
    },
    'stream/web.ByteLengthQueuingStrategy.size(a)': (a) => new web.ByteLengthQueuingStrategy({ highWaterMark: 1 }).size(a),
    'stream/web.TextDecoderStream of a': given(text('aäb'), (a) => through(new web.TextDecoderStream(), a)),
    'stream/web.CompressionStream of a': { views: true, run: (a) => through(new web.CompressionStream('gzip'), a) },
    'stream/web.DecompressionStream of a': {
      views: true, bytes: lazily(() => encoded(zlib.gzipSync)), run: (a) => through(new web.DecompressionStream('gzip'), a)
    }
  },
  /** Also what passes any object on. */
  takesNoView: {
    stream: `Duplex Stream addAbortSignal destroy duplexPair finished getDefaultHighWaterMark isDestroyed isDisturbed isErrored
      isReadable isWritable setDefaultHighWaterMark`,
    'stream/promises': 'finished',
    'stream/consumers': '',
    'stream/web': `CountQueuingStrategy ReadableStreamDefaultController ReadableStreamDefaultReader ReadableStreamTee
      TextEncoderStream TransformStream TransformStreamDefaultController WritableStream WritableStreamDefaultController
      WritableStreamDefaultWriter`
  }
}
