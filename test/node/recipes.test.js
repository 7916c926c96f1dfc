'use strict'

// The recipes of README.md for passing an allocation on: read a file into it, hash it, compress it, send it, and have a
// Buffer over it. All without a copy, by `view`.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const { once } = require('node:events')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const zlib = require('node:zlib')
const { alloc, copyOnto, dispose, hasExternalData, Types, view } = require('../..')
const { collect } = require('./tools')
const { forEachKind } = require('../support/kinds')

/** On both sides of where Rust begins to lend. */
const SIZES = [1000, 200 << 10]

/** What a client receives from a server that does `send` with its socket. */
async function receivedFrom (send) {
  const server = net.createServer(send).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const received = await collect(net.connect(server.address().port, '127.0.0.1'))
  server.close()
  return received
}

describe('recipes', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-recipes-'))
  const file = path.join(folder, 'data')
  after(() => fs.rmSync(folder, { recursive: true }))

  for (const size of SIZES) {
    const content = crypto.randomBytes(size)

    forEachKind((name, make) => {
      describe(`${name} of ${size} bytes`, () => {
        let data
        beforeEach(() => { data = make(size) })
        afterEach(() => dispose(data))

        it('takes a file, read by fs.readSync', () => {
          fs.writeFileSync(file, content)
          const fd = fs.openSync(file)
          try {
            assert.equal(fs.readSync(fd, view(data)), size)
          } finally {
            fs.closeSync(fd)
          }
          assert.deepEqual(Buffer.from(view(data)), content)
        })

        it('takes a file, read by a FileHandle', async () => {
          fs.writeFileSync(file, content)
          const handle = await fs.promises.open(file)
          try {
            const { bytesRead } = await handle.read(view(data))
            assert.equal(bytesRead, size)
          } finally {
            await handle.close()
          }
          assert.deepEqual(Buffer.from(view(data)), content)
        })

        it('is hashed', () => {
          view(data).set(content)
          const hash = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex')
          assert.equal(hash(view(data)), hash(content))
        })

        it('is compressed', () => {
          view(data).set(content)
          assert.deepEqual(zlib.gunzipSync(zlib.gzipSync(view(data))), content)
        })

        it('is sent over a socket, and disposed in the callback of write', async () => {
          view(data).set(content)
          const received = await receivedFrom((socket) => {
            socket.write(view(data), () => {
              dispose(data)
              socket.end()
            })
          })
          assert.deepEqual(received, content)
          assert(!hasExternalData(data))
        })

        it('collects the chunks of a stream', async () => {
          fs.writeFileSync(file, content)
          let end = 0
          for await (const chunk of fs.createReadStream(file)) {
            copyOnto(chunk, 0, data, end, chunk.length)
            end += chunk.length
          }
          assert.deepEqual(Buffer.from(view(data)), content)
        })

        it('is sent over a socket, and disposed when that has closed', async () => {
          view(data).set(content)
          assert.deepEqual(await receivedFrom((socket) => socket.end(view(data))), content)
        })

        it('has a Buffer over its memory', () => {
          const { buffer, byteOffset, byteLength } = view(data)
          const bytes = Buffer.from(buffer, byteOffset, byteLength)
          bytes.write('smalloc', 1)
          assert.equal(data[1], 's'.charCodeAt(0))
          data[2] = 'M'.charCodeAt(0)
          assert.equal(bytes.toString('latin1', 1, 8), 'sMalloc')
          dispose(data)
          assert.equal(bytes.length, 0)
        })
      })
    })
  }

  it('of elements of several bytes has a Buffer over all of them', () => {
    const numbers = alloc(3, Types.Double)
    const { buffer, byteOffset, byteLength } = view(numbers)
    Buffer.from(buffer, byteOffset, byteLength)[`writeDouble${os.endianness()}`](1.5, 16)
    assert.equal(numbers[2], 1.5)
    assert.equal(byteLength, 24)
  })
})
