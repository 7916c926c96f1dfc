'use strict'

const assert = require('node:assert/strict')
const { constants } = require('node:buffer')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { PassThrough, Transform, Writable } = require('node:stream')
const { pipeline } = require('node:stream/promises')
const { promisify } = require('node:util')
const vm = require('node:vm')
const { alloc, dispose, disposeBuffer, hasExternalData, release, sliceOnto, view } = require('../..')
const { errorOf, refuses } = require('../support/errors')
const { forEachKind } = require('../support/kinds')
const { unmovable } = require('../support/states')

const KiB = 2 ** 10
const MiB = 2 ** 20

const partOf = (View, ...window) => () => new View(new ArrayBuffer(100), ...window)

/** A DataView past the end of an ArrayBuffer that has become shorter. */
function outOfBounds () {
  const arrayBuffer = new ArrayBuffer(16, { maxByteLength: 32 })
  const dataView = new DataView(arrayBuffer, 8)
  arrayBuffer.resize(4)
  return dataView
}

describe('disposeBuffer', () => {
  describe('frees, in this call', () => {
    /** By name. What is 1 MiB long is counted by process.memoryUsage(). */
    const makers = {
      'a Buffer': () => Buffer.alloc(MiB),
      'a Buffer of Buffer.allocUnsafeSlow': () => Buffer.allocUnsafeSlow(MiB),
      'a Float64Array': () => new Float64Array(MiB / 8),
      'a DataView': () => new DataView(new ArrayBuffer(MiB)),
      'an ArrayBuffer': () => new ArrayBuffer(MiB),
      'a resizable ArrayBuffer': () => new ArrayBuffer(1000, { maxByteLength: 2 * MiB }),
      'what is so short that V8 has it in its heap': () => Buffer.alloc(10),
      'a BigInt64Array': () => new BigInt64Array(1000),
      'memory that was released': () => release(alloc(1000)),
      'the array of another realm': () => vm.runInNewContext('new Uint8Array(1000)')
    }
    for (const [name, make] of Object.entries(makers)) {
      it(`${name}; once more it does nothing`, () => {
        const buffer = make()
        const arrayBuffer = buffer.buffer ?? buffer
        const isCounted = buffer.byteLength === MiB
        const before = process.memoryUsage().arrayBuffers
        assert.equal(disposeBuffer(buffer), undefined)
        if (isCounted) assert(process.memoryUsage().arrayBuffers <= before - MiB)
        disposeBuffer(buffer)
        assert.equal(arrayBuffer.byteLength, 0)
      })
    }

    it('memory with other views, whose length is 0 then, and slices of ours, which end', () => {
      const buffer = Buffer.alloc(100)
      const part = buffer.subarray(10, 20)
      const slice = sliceOnto(buffer, {}, 10, 20)
      disposeBuffer(buffer)
      assert.equal(part.length, 0)
      assert.deepEqual(Reflect.ownKeys(slice), [])
      assert.equal(hasExternalData(slice), false)
    })
  })

  it('does nothing to a view of an allocation that has been disposed, and to 0 bytes: Node may hand them out again', () => {
    const object = alloc(100)
    const bytes = view(object)
    dispose(object)
    disposeBuffer(bytes)
    const empty = Buffer.alloc(0)
    disposeBuffer(empty)
    assert.equal(new Uint8Array(empty.buffer).length, 0)
  })

  describe('refuses, and leaves as it was', () => {
    const refused = {
      'a DataView past the end': [outOfBounds, /must own its whole ArrayBuffer: it has 0 of 4 bytes/],
      'a slice of Node\'s pool': [() => Buffer.from('abc'), /must own its whole ArrayBuffer: it has 3 of \d+ bytes/],
      'an unsafe Buffer of Node\'s pool': [() => Buffer.allocUnsafe(10), /must own its whole ArrayBuffer: it has 10 of \d+ bytes/],
      'all but the last byte': [partOf(Uint8Array, 0, 99), /it has 99 of 100 bytes/],
      'all but the first byte': [partOf(Uint8Array, 1), /it has 99 of 100 bytes/],
      'a DataView of a half': [partOf(DataView, 50), /it has 50 of 100 bytes/],
      'a view of nothing': [partOf(Uint8Array, 10, 0), /it has 0 of 100 bytes/]
    }
    for (const [name, [make, reason]] of Object.entries(unmovable)) {
      refused[name] = [make, reason]
      refused[`a typed array over ${name}`] = [() => new Uint8Array(make()), reason]
    }
    for (const [name, [make, reason]] of Object.entries(refused)) {
      it(name, () => {
        const buffer = make()
        const bytes = () => Buffer.from(new Uint8Array(buffer.buffer ?? buffer)).toString('hex')
        const before = bytes()
        assert.match(refuses(() => disposeBuffer(buffer), TypeError, 'ERR_INVALID_ARG_VALUE', 'buffer').message, reason)
        assert.equal(bytes(), before)
      })
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
    forEachKind((name, make) => {
      it(`an allocation, and all that leads to its memory: ${name}`, () => {
        for (const length of [10, 1000, MiB]) {
          for (const [what, of] of Object.entries(handedOut)) {
            const object = make(length)
            assert.equal(errorOf(() => disposeBuffer(of(object))).message, 'buffer has the memory of an allocation: use dispose', what)
            assert.equal(object[0], 0)
            dispose(object)
          }
        }
      })
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

/** What docs/free-any-buffer.md says of files and of what is written. test/node/free-any-buffer.test.js has the other streams. */
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

  const readers = {
    'fs.readFile': [promisify(fs.readFile), [1000, 100 * KiB, MiB]],
    'fs.promises.readFile': [fs.promises.readFile, [1000, 100 * KiB, MiB]],
    'fs.readFileSync': [fs.readFileSync, [MiB]] // a short one may be a slice of the pool
  }
  for (const [name, [read, lengths]] of Object.entries(readers)) {
    it(`${name}: the result of ${lengths.join(', ')} bytes`, async () => {
      for (const length of lengths) {
        const data = await read(fileOf(length))
        assert.equal(data.length, length)
        disposeBuffer(data)
        assert.equal(data.length, 0)
      }
    })
  }

  it('fs.readSync, fs.read: the Buffer that was passed, after the call or its callback', async () => {
    const file = fs.openSync(fileOf(MiB))
    const buffer = Buffer.allocUnsafeSlow(MiB)
    fs.readSync(file, buffer)
    disposeBuffer(buffer)
    const { bytesRead, buffer: same } = await promisify(fs.read)(file, Buffer.allocUnsafeSlow(1000), 0, 1000, 0)
    fs.closeSync(file)
    disposeBuffer(same)
    assert.deepEqual([bytesRead, same.length], [1000, 0])
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

  it('a pipeline: in the last stage that sees a chunk; in a transform stream, once its output is another Buffer', async () => {
    const copies = new Transform({
      transform (chunk, encoding, callback) {
        const copy = Buffer.allocUnsafeSlow(chunk.length)
        copy.set(chunk)
        disposeBuffer(chunk)
        callback(null, copy)
      }
    })
    const all = bytesOf(MiB)
    let position = 0
    const sink = new Writable({
      write (chunk, encoding, callback) {
        assert(chunk.equals(all.subarray(position, position += chunk.length)))
        disposeBuffer(chunk)
        callback()
      }
    })
    await pipeline(fs.createReadStream(fileOf(MiB)), new PassThrough(), copies, new PassThrough(), sink)
    assert.equal(position, MiB)
  })
})
