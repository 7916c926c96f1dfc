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

const content = crypto.randomBytes(1 << 20)
const contentHash = crypto.createHash('sha256').update(content).digest('hex')

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

/**
 * Reads the whole stream and frees at once `memoryOf(chunk)`. Returns which part of the chunks was freed, and whether several
 * have had the same ArrayBuffer.
 */
async function freeAll (stream, memoryOf = (chunk) => chunk) {
  const hash = crypto.createHash('sha256')
  const buffers = new Set()
  const results = []
  for await (const chunk of stream) {
    hash.update(chunk)
    buffers.add(chunk.buffer)
    results.push(tryToFree(memoryOf(chunk)))
  }
  assert.equal(hash.digest('hex'), contentHash)
  return { freed: results.filter(Boolean).length / results.length, areShared: buffers.size < results.length }
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
    if (isShared(name)) {
      it(`of ${name}: frees those that have an ArrayBuffer of their own, which several have not, and no other byte is lost`, async () => {
        assert((await freeAll(await open(t))).areShared)
      })
    } else {
      it(`of ${name}, or of its ArrayBuffer: frees most, and no other byte is lost`, async () => {
        assert((await freeAll(await open(t))).freed > 0.5)
        assert((await freeAll(await open(t), (chunk) => chunk.buffer)).freed > 0.5)
      })
    }
  }

  it('in the last stage of a pipeline that sees it: no other byte is lost', async () => {
    await pipeline(await streams['net.connect'](t), copies, async (chunks) => assert.equal((await freeAll(chunks)).freed, 1))
  })
})

describe('disposeBuffer of a whole result', () => {
  before(function () { if (!isNode) this.skip() })

  for (const [method, bytes] of Object.entries(packed)) {
    it(`of zlib.${method} and of zlib.${method}Sync`, async () => {
      assert.equal((await freeAll([await promisify(zlib[method])(bytes)])).freed, 1)
      assert.equal((await freeAll([zlib[`${method}Sync`](bytes)])).freed, 1)
    })
  }

  it('of Response.arrayBuffer, as fetch gives it', async () => {
    const body = new Uint8Array(await new Response(content).arrayBuffer())
    assert.equal((await freeAll([body])).freed, 1)
  })
})
