'use strict'

// Which chunks of Node's streams `disposeBuffer` may free, as docs/free-any-buffer.md says: each is freed at once, and what
// follows must still be right.

const assert = require('node:assert/strict')
const childProcess = require('node:child_process')
const crypto = require('node:crypto')
const { once } = require('node:events')
const http = require('node:http')
const http2 = require('node:http2')
const https = require('node:https')
const net = require('node:net')
const { Readable } = require('node:stream')
const { pipeline } = require('node:stream/promises')
const tls = require('node:tls')
const { promisify } = require('node:util')
const zlib = require('node:zlib')
const { disposeBuffer } = require('../..')
const { certificate, privateKey } = require('./certificate')
const { listening, localhost } = require('./tools')

const PIECE_BYTES = 50_000
const CHUNK_BYTES = 128 << 10
const [major] = process.versions.node.split('.')
const isNode = !process.versions.bun && !process.versions.deno

const content = crypto.randomBytes(2 << 20)
const pair = { key: privateKey, cert: certificate }

/** Writes the bytes and ends `writable`. A failure shows where they are read. */
function send (writable, bytes = content) {
  const count = Math.ceil(bytes.length / PIECE_BYTES)
  const pieces = Array.from({ length: count }, (_, i) => bytes.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES))
  pipeline(Readable.from(pieces, { objectMode: false }), writable).catch(() => {})
}

const clientOf = (port) => ({ port, host: localhost, rejectUnauthorized: false, agent: false })

async function connect (t, module, server) {
  const socket = module.connect(clientOf(await listening(server, t)))
  t.later(() => socket.destroy())
  return socket
}

const receivedByClient = (module) => (t) => connect(t, module, module.createServer(pair, send))

const receivedByServer = (module, event) => async (t) => {
  const server = module.createServer(pair)
  const accepted = once(server, event)
  send(await connect(t, module, server))
  return (await accepted)[0]
}

const responseOf = (module) => async (t) => {
  const server = module.createServer(pair, (message, response) => send(response))
  return (await once(module.get(clientOf(await listening(server, t))), 'response'))[0]
}

const requestOf = (module) => async (t) => {
  const server = module.createServer(pair)
  const received = once(server, 'request')
  send(module.request({ ...clientOf(await listening(server, t)), method: 'POST' }).on('error', () => {}))
  return (await received)[0]
}

async function http2Client (t, server) {
  const client = http2.connect(`http://${localhost}:${await listening(server, t)}`)
  t.later(() => client.destroy())
  return client
}

async function http2Response (t) {
  const server = http2.createServer().on('stream', (stream) => {
    stream.respond()
    send(stream)
  })
  return (await http2Client(t, server)).request()
}

async function http2Request (t) {
  const server = http2.createServer()
  const received = once(server, 'stream')
  send((await http2Client(t, server)).request({ ':method': 'POST' }).on('error', () => {}))
  return (await received)[0]
}

async function fetchBody (t) {
  const server = http.createServer((message, response) => send(response))
  const { body } = await fetch(`http://${localhost}:${await listening(server, t)}`, { headers: { connection: 'close' } })
  return body
}

function childOutput (t) {
  const child = childProcess.spawn(process.execPath, ['-e', 'process.stdin.pipe(process.stdout)'])
  t.later(() => child.kill('SIGKILL'))
  send(child.stdin)
  return child.stdout
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

/** `isShared`: several chunks may have the same ArrayBuffer, into which Node goes on to write. */
const apis = {
  'a net socket of a client': { open: receivedByClient(net) },
  'a net socket of a server': { open: receivedByServer(net, 'connection') },
  'a TLS socket of a client': { open: receivedByClient(tls), isShared: major >= 26 },
  'a TLS socket of a server': { open: receivedByServer(tls, 'secureConnection'), isShared: major >= 26 },
  'a response to http.get': { open: responseOf(http) },
  'a request to http.Server': { open: requestOf(http) },
  'a response to https.get': { open: responseOf(https) },
  'a request to https.Server': { open: requestOf(https) },
  'a stream of an HTTP/2 client': { open: http2Response, isShared: true },
  'a stream of an HTTP/2 server': { open: http2Request, isShared: true },
  'the body of fetch': { open: fetchBody },
  'the output of a child process': { open: childOutput },
  ...Object.fromEntries(Object.keys(packed).map((method) => [`a stream of ${method}`, { open: () => unpacked(method), isShared: true }]))
}

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
  const undo = []
  const t = { later: (action) => undo.push(action) }
  before(function () { if (!isNode) this.skip() })
  afterEach(() => { for (const action of undo.splice(0).reverse()) action() })

  for (const [name, { open, isShared = false }] of Object.entries(apis)) {
    it(`of ${name}: frees ${isShared ? 'those that have an ArrayBuffer of their own' : 'most'}, and no other byte is lost`, async () => {
      const freed = await freeAll(await open(t))
      assert(isShared || freed > 0.5, `${freed} were freed`)
    })

    it(`of ${name}: also in a pipeline, whose last stage frees the rest`, async () => {
      await pipeline(await open(t), copies, async (chunks) => assert.equal(await freeAll(chunks), 1))
    })

    if (isShared) {
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
