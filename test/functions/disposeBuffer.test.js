'use strict'

const assert = require('node:assert/strict')
const { constants } = require('node:buffer')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const { PassThrough, Transform, Writable } = require('node:stream')
const { pipeline } = require('node:stream/promises')
const { promisify } = require('node:util')
const vm = require('node:vm')
const { markAsUntransferable } = require('node:worker_threads')
const zlib = require('node:zlib')
const { alloc, dispose, disposeBuffer, External, hasExternalData, release, sliceOnto, view } = require('../..')
const { errorOf, refuses } = require('../support/errors')

const KiB = 2 ** 10
const MiB = 2 ** 20

const heldByArrayBuffers = () => process.memoryUsage().arrayBuffers

/** Asserts that disposeBuffer refuses, gives the reason, and changes no byte. */
function leaves (buffer, reason) {
  const before = Buffer.from(new Uint8Array(buffer.buffer ?? buffer)).toString('hex')
  const error = refuses(() => disposeBuffer(buffer), TypeError, 'ERR_INVALID_ARG_VALUE', 'buffer')
  assert.match(error.message, reason)
  assert.equal(Buffer.from(new Uint8Array(buffer.buffer ?? buffer)).toString('hex'), before)
}

describe('disposeBuffer', () => {
  describe('frees, in this call', () => {
    const makers = {
      'a Buffer': () => Buffer.alloc(MiB),
      'a Buffer of Buffer.allocUnsafeSlow': () => Buffer.allocUnsafeSlow(MiB),
      'a Uint8Array': () => new Uint8Array(MiB),
      'a Float64Array': () => new Float64Array(MiB / 8),
      'a DataView': () => new DataView(new ArrayBuffer(MiB)),
      'an ArrayBuffer': () => new ArrayBuffer(MiB)
    }
    for (const [name, make] of Object.entries(makers)) {
      it(name, () => {
        const buffer = make()
        const arrayBuffer = buffer.buffer ?? buffer
        const before = heldByArrayBuffers()
        assert.equal(disposeBuffer(buffer), undefined)
        assert(heldByArrayBuffers() <= before - MiB)
        assert.equal(arrayBuffer.byteLength, 0)
      })
    }

    const uncounted = {
      'a resizable ArrayBuffer': () => new ArrayBuffer(MiB, { maxByteLength: 2 * MiB }),
      'what is so short that V8 has it in its heap': () => Buffer.alloc(10),
      'a BigInt64Array': () => new BigInt64Array(1000),
      'memory that was released': () => release(alloc(1000)),
      'the array of another realm': () => vm.runInNewContext('new Uint8Array(1000)')
    }
    for (const [name, make] of Object.entries(uncounted)) {
      it(name, () => {
        const buffer = make()
        disposeBuffer(buffer)
        assert.equal(buffer.byteLength, 0)
      })
    }

    it('all other views of the memory, too: their length is 0', () => {
      const whole = new Uint8Array(100)
      const part = whole.subarray(10, 20)
      disposeBuffer(whole)
      assert.equal(part.length, 0)
    })

    it('memory with slices of ours: they end', () => {
      const buffer = Buffer.alloc(100)
      const slice = sliceOnto(buffer, {}, 10, 20)
      disposeBuffer(buffer)
      assert.deepEqual(Reflect.ownKeys(slice), [])
      assert.equal(hasExternalData(slice), false)
    })
  })

  describe('does nothing', () => {
    it('once more', () => {
      for (const buffer of [Buffer.alloc(100), new DataView(new ArrayBuffer(100)), new ArrayBuffer(100)]) {
        disposeBuffer(buffer)
        disposeBuffer(buffer)
      }
    })

    it('to a view of an allocation that has been disposed', () => {
      const object = alloc(100)
      const bytes = view(object)
      dispose(object)
      disposeBuffer(bytes)
    })

    it('to 0 bytes: Node may hand them out again', () => {
      const empty = Buffer.alloc(0)
      disposeBuffer(empty)
      assert.equal(new Uint8Array(empty.buffer).length, 0)
    })
  })

  describe('refuses, and leaves as it was', () => {
    it('a slice of Node\'s pool', () => {
      leaves(Buffer.from('abc'), /must own its whole ArrayBuffer: it has 3 of \d+ bytes/)
      leaves(Buffer.allocUnsafe(10), /must own its whole ArrayBuffer: it has 10 of \d+ bytes/)
    })

    it('Node\'s pool itself', () => {
      leaves(Buffer.from('abc').buffer, /marked as untransferable/)
    })

    it('a view of a part', () => {
      const all = new ArrayBuffer(100)
      leaves(new Uint8Array(all, 0, 99), /it has 99 of 100 bytes/)
      leaves(new Uint8Array(all, 1), /it has 99 of 100 bytes/)
      leaves(new DataView(all, 50), /it has 50 of 100 bytes/)
      leaves(Buffer.from(all, 10, 0), /it has 0 of 100 bytes/)
    })

    it('shared memory', () => {
      leaves(new SharedArrayBuffer(10), /must not be shared/)
      leaves(new Uint8Array(new SharedArrayBuffer(10)), /must not be shared/)
    })

    it('WebAssembly\'s memory', () => {
      const { buffer } = new WebAssembly.Memory({ initial: 1 })
      leaves(buffer, /WebAssembly's$/)
      leaves(new Uint8Array(buffer), /WebAssembly's$/)
    })

    it('what is marked as untransferable', () => {
      const buffer = Buffer.alloc(100, 7)
      markAsUntransferable(buffer.buffer)
      leaves(buffer, /it is marked as untransferable/)
    })

    const allocations = {
      'a small object': () => alloc(10),
      'an object': () => alloc(1000),
      'a large object': () => alloc(MiB),
      'an External': () => new External(1000),
      'a receiver': () => alloc(10, {}),
      'a large receiver': () => alloc(1000, {})
    }
    /** What disposeBuffer is given. Nothing else has asked for the memory before. */
    const handedOut = {
      itself: (object) => object,
      'its view': (object) => view(object),
      'the ArrayBuffer of its view': (object) => view(object).buffer,
      'a slice of it': (object) => sliceOnto(object, {}),
      'the view of a slice': (object) => view(sliceOnto(object, {})),
      'its valueOf()': (object) => ArrayBuffer.isView(object) ? object.valueOf() : object,
      'its hidden ArrayBuffer': (object) => ArrayBuffer.isView(object) ? object.buffer : object
    }
    for (const [name, make] of Object.entries(allocations)) {
      it(`an allocation, and all that leads to its memory: ${name}`, () => {
        for (const [what, of] of Object.entries(handedOut)) {
          const object = make()
          assert.equal(errorOf(() => disposeBuffer(of(object))).message, 'buffer has the memory of an allocation: use dispose', what)
          assert.equal(object[0], 0)
          dispose(object)
        }
      })
    }

    it('what is no buffer', () => {
      for (const value of [undefined, null, 1, 'abc', 1n, Symbol('a'), {}, [], () => {}, new Proxy(Buffer.alloc(1), {})]) {
        refuses(() => disposeBuffer(value), TypeError, 'ERR_INVALID_ARG_TYPE', 'buffer')
      }
    })
  })

  it('puts Symbol.dispose on no prototype', () => {
    if (Symbol.dispose === undefined) return
    for (const { prototype } of [Buffer, Uint8Array, DataView, ArrayBuffer]) {
      assert.equal(Object.hasOwn(prototype, Symbol.dispose), false)
    }
  })

  it('takes memory as long as any', () => {
    if (os.freemem() < 6 * 2 ** 30 || constants.MAX_LENGTH < 2 ** 32) return
    const array = new Uint8Array(2 ** 32)
    disposeBuffer(array)
    assert.equal(array.length, 0)
  })
})

/** What docs/free-any-buffer.md says of each API of Node's. */
describe('disposeBuffer of what Node hands out', () => {
  let folder
  before(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-')) })
  after(() => { fs.rmSync(folder, { recursive: true }) })

  const bytesOf = (byteLength) => Buffer.alloc(byteLength, 'never the same twice ')
  function fileOf (byteLength) {
    const file = path.join(folder, `${byteLength}`)
    fs.writeFileSync(file, bytesOf(byteLength))
    return file
  }
  const isRefused = (buffer) => assert.match(errorOf(() => disposeBuffer(buffer)).message, /must own its whole ArrayBuffer/)

  for (const highWaterMark of [64 * KiB, MiB]) {
    it(`fs.createReadStream, chunks of ${highWaterMark} bytes: each, once used, the last too`, async () => {
      const length = 3 * MiB + 1000
      const all = bytesOf(length)
      let position = 0
      for await (const chunk of fs.createReadStream(fileOf(length), { highWaterMark })) {
        assert(chunk.equals(all.subarray(position, position + chunk.length)))
        position += chunk.length
        disposeBuffer(chunk)
        assert.equal(chunk.length, 0)
      }
      assert.equal(position, length)
    })
  }

  it('net: the ArrayBuffer of each chunk of a socket in on(\'data\'), which no other chunk has', async () => {
    const sent = bytesOf(4 * MiB)
    const received = await new Promise((resolve, reject) => {
      const parts = []
      const server = net.createServer((socket) => {
        socket.on('error', reject)
        socket.on('data', (chunk) => {
          parts.push(Buffer.concat([chunk]))
          disposeBuffer(chunk.buffer) // not `chunk`: Node 26 may leave some of it unused
          if (chunk.length > 0) reject(new Error('not freed'))
        })
        socket.on('end', () => { server.close(); socket.end(); resolve(Buffer.concat(parts)) })
      }).listen(0, '127.0.0.1', () => net.connect(server.address().port, '127.0.0.1').end(sent))
    })
    assert(received.equals(sent))
  })

  it('fs.readFileSync: what is larger than Node\'s pool hands out; a short file\'s may be refused', () => {
    const large = fs.readFileSync(fileOf(MiB))
    disposeBuffer(large)
    assert.equal(large.length, 0)
  })

  const readers = { 'fs.readFile': promisify(fs.readFile), 'fs.promises.readFile': fs.promises.readFile }
  for (const [name, read] of Object.entries(readers)) {
    it(`${name} of any length`, async () => {
      for (const length of [1000, 100 * KiB, MiB]) {
        const data = await read(fileOf(length))
        assert.equal(data.length, length)
        disposeBuffer(data)
        assert.equal(data.length, 0)
      }
    })
  }

  it('fs.readSync, fs.read: the Buffer that was passed, after the call or its callback', (done) => {
    const file = fs.openSync(fileOf(MiB))
    const buffer = Buffer.allocUnsafeSlow(MiB)
    fs.readSync(file, buffer)
    disposeBuffer(buffer)
    fs.read(file, Buffer.allocUnsafeSlow(1000), 0, 1000, 0, (error, count, same) => {
      fs.closeSync(file)
      disposeBuffer(same)
      done(error ?? (count === 1000 && same.length === 0 ? undefined : new Error(`${count}`)))
    })
  })

  it('zlib: of chunks of 64 KiB and more, one that fills its ArrayBuffer is freed, a part of one refused', async () => {
    const input = bytesOf(MiB)
    const gunzip = zlib.createGunzip({ chunkSize: 128 * KiB })
    gunzip.end(zlib.gzipSync(input))
    let [freed, refused, same, position] = [0, 0, true, 0]
    for await (const chunk of gunzip) {
      same &&= chunk.equals(input.subarray(position, position + chunk.length))
      position += chunk.length
      if (chunk.length === chunk.buffer.byteLength) {
        disposeBuffer(chunk)
        freed++
      } else {
        isRefused(chunk)
        refused++
      }
    }
    assert.equal(position, MiB)
    assert(same)
    assert(freed > 0, `${freed} freed, ${refused} refused`)
  })

  it('zlib.gunzipSync of 1 MiB: its result', () => {
    const output = zlib.gunzipSync(zlib.gzipSync(bytesOf(MiB)))
    assert.equal(output.length, MiB)
    disposeBuffer(output)
    assert.equal(output.length, 0)
  })

  it('stream.write: in its callback; what is freed before is lost', async () => {
    for (const isEarly of [false, true]) {
      const chunk = Buffer.alloc(100, 'a')
      let seen
      const slow = new Writable({
        write (data, encoding, callback) {
          setImmediate(() => { seen = data.toString(); callback() })
        }
      })
      const written = new Promise((resolve) => slow.write(chunk, resolve))
      if (isEarly) disposeBuffer(chunk)
      await written
      disposeBuffer(chunk)
      assert.equal(seen.length, isEarly ? 0 : 100)
    }
  })

  /** The last stage of a pipeline: it frees what it has counted. */
  function freeingSink () {
    const sink = new Writable({
      write (chunk, encoding, callback) {
        sink.count += chunk.length
        disposeBuffer(chunk)
        callback()
      }
    })
    return Object.assign(sink, { count: 0 })
  }

  it('a transform stream: its input, once its output is another Buffer', async () => {
    const upper = new Transform({
      transform (chunk, encoding, callback) {
        const output = Buffer.allocUnsafeSlow(chunk.length)
        for (let i = 0; i < chunk.length; i++) output[i] = chunk[i] & 0xdf
        disposeBuffer(chunk)
        callback(null, output)
      }
    })
    const sink = freeingSink()
    await pipeline(fs.createReadStream(fileOf(MiB)), upper, sink)
    assert.equal(sink.count, MiB)
  })

  it('a pipeline whose stage passes its chunk on: the last stage frees it', async () => {
    const sink = freeingSink()
    await pipeline(fs.createReadStream(fileOf(MiB)), new PassThrough(), sink)
    assert.equal(sink.count, MiB)
  })
})
