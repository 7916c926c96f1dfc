'use strict'

// Which chunks of Node's streams `disposeBuffer` may free, as docs/free-any-buffer.md says: each is freed at once, and what
// follows must still be right.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const http = require('node:http')
const { Readable } = require('node:stream')
const { pipeline } = require('node:stream/promises')
const { promisify } = require('node:util')
const zlib = require('node:zlib')
const { disposeBuffer } = require('../..')
const { channels } = require('./channels')
const { listening, localhost, toolsOf } = require('./tools')
const { isNode } = require('../support/runtime')

const PIECE_BYTES = 50_000
const CHUNK_BYTES = 128 << 10
const [major] = process.versions.node.split('.')

const content = crypto.randomBytes(2 << 20)

/** Writes the bytes and ends `writable`. A failure shows where they are read. */
function send (writable, bytes = content) {
  const count = Math.ceil(bytes.length / PIECE_BYTES)
  const pieces = Array.from({ length: count }, (_, i) => bytes.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES))
  pipeline(Readable.from(pieces, { objectMode: false }), writable).catch(() => {})
}

const received = (open) => async (t) => {
  const { writable, readable } = await open(t)
  send(writable)
  return readable
}

async function fetchBody (t) {
  const server = http.createServer((message, response) => send(response))
  const { body } = await fetch(`http://${localhost}:${await listening(server, t)}`, { headers: { connection: 'close' } })
  return body
}

/** By method of zlib: the content, packed. Random bytes do not get shorter; what is fastest will do. */
const packed = {
  gunzip: zlib.gzipSync(content),
  brotliDecompress: zlib.brotliCompressSync(content, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 0 } }),
  ...zlib.zstdCompressSync && { zstdDecompress: zlib.zstdCompressSync(content) }
}

function unpacked (method) {
  const stream = zlib[`create${method[0].toUpperCase()}${method.slice(1)}`]({ chunkSize: CHUNK_BYTES })
  send(stream, packed[method])
  return stream
}

/** What is read, by the function that opens the other end or the stream. */
const streams = { fetch: fetchBody }
for (const [name, open] of Object.entries(channels)) streams[name] = received(open)
for (const method of Object.keys(packed)) streams[`zlib.${method}`] = () => unpacked(method)

/** Whether several chunks may have the same ArrayBuffer, into which Node goes on to write. */
const isShared = (name) => /^(http2|zlib)/.test(name) || (major >= 26 && name.startsWith('tls'))

/** Whether it is freed; otherwise it is refused, as what has other users. */
function tryToFree (buffer) {
  try {
    disposeBuffer(buffer)
    return true
  } catch (error) {
    assert.equal(error.code, 'ERR_INVALID_ARG_VALUE')
    return false
  }
}

/** Reads the whole stream, frees at once `memoryOf(chunk)`, and returns which part of the chunks was freed. */
async function freeAll (stream, memoryOf = (chunk) => chunk) {
  const hash = crypto.createHash('sha256')
  const results = []
  for await (const chunk of stream) {
    hash.update(chunk)
    results.push(tryToFree(memoryOf(chunk)))
  }
  assert.equal(hash.digest('hex'), crypto.createHash('sha256').update(content).digest('hex'))
  return results.filter(Boolean).length / results.length
}

async function * copies (chunks) {
  for await (const chunk of chunks) {
    const copy = Buffer.allocUnsafeSlow(chunk.length)
    copy.set(chunk)
    tryToFree(chunk)
    yield copy
  }
}

describe('disposeBuffer of each chunk', () => {
  let t
  before(function () { if (!isNode) this.skip() })
  beforeEach(() => { t = toolsOf() })
  afterEach(() => t.end())

  for (const [name, open] of Object.entries(streams)) {
    it(`of ${name}: frees ${isShared(name) ? 'those that have an ArrayBuffer of their own' : 'most'}, and no other byte is lost`, async () => {
      const freed = await freeAll(await open(t))
      assert(isShared(name) || freed > 0.5, `${freed} were freed`)
    })

    it(`of ${name}: also in a pipeline, whose last stage frees the rest`, async () => {
      await pipeline(await open(t), copies, async (chunks) => assert.equal(await freeAll(chunks), 1))
    })

    if (isShared(name)) {
      it(`of ${name}: several have the same ArrayBuffer`, async () => {
        const chunks = []
        for await (const chunk of await open(t)) chunks.push(chunk)
        assert(new Set(chunks.map(({ buffer }) => buffer)).size < chunks.length)
      })
    } else {
      it(`of ${name}: or of its ArrayBuffer`, async () => {
        assert(await freeAll(await open(t), (chunk) => chunk.buffer) > 0.5)
      })
    }
  }
})

describe('disposeBuffer of a whole result', () => {
  before(function () { if (!isNode) this.skip() })

  for (const [method, bytes] of Object.entries(packed)) {
    it(`of zlib.${method} and of zlib.${method}Sync`, async () => {
      assert.equal(await freeAll([await promisify(zlib[method])(bytes)]), 1)
      assert.equal(await freeAll([zlib[`${method}Sync`](bytes)]), 1)
    })
  }

  it('of Response.arrayBuffer, as fetch gives it', async () => {
    const body = new Uint8Array(await new Response(content).arrayBuffer())
    assert.equal(await freeAll([body]), 1)
  })
})
