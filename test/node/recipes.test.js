'use strict'

// The recipes of README.md for passing an allocation on: read a file into it, hash it, compress it, send it, and have a
// Buffer over it. All without a copy, by `view`.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const zlib = require('node:zlib')
const { alloc, copyOnto, dispose, hasExternalData, Types, view } = require('../..')
const { channels } = require('./channels')
const { collect, toolsOf } = require('./tools')
const { forEachKind } = require('../support/kinds')

const hash = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex')

/** Recipes that fill `data` with `content`. */
const fills = {
  'takes a file, read by fs.readSync': (data, content, t) => fs.readSync(t.open(content).fd, view(data)),
  'takes a file, read by a FileHandle': async (data, content, t) => (await t.openHandle(content)).handle.read(view(data)),
  'collects the chunks of a stream': async (data, content, t) => {
    let end = 0
    for await (const chunk of fs.createReadStream(t.file(content))) {
      copyOnto(chunk, 0, data, end, chunk.length)
      end += chunk.length
    }
  }
}

describe('recipes', () => {
  let t
  beforeEach(() => { t = toolsOf() })
  afterEach(() => t.end())

  for (const size of [1000, 200 << 10]) { // on both sides of where Rust begins to lend
    const content = crypto.randomBytes(size)

    forEachKind((name, make) => {
      describe(`${name} of ${size} bytes`, () => {
        let data
        beforeEach(() => { data = make(size) })
        afterEach(() => dispose(data))

        for (const [recipe, fill] of Object.entries(fills)) {
          it(recipe, async () => {
            await fill(data, content, t)
            assert.deepEqual(Buffer.from(view(data)), content)
          })
        }

        it('is hashed and compressed', () => {
          view(data).set(content)
          assert.equal(hash(view(data)), hash(content))
          assert.deepEqual(zlib.gunzipSync(zlib.gzipSync(view(data))), content)
        })

        it('is sent over a socket, and disposed in the callback of write', async () => {
          view(data).set(content)
          const { writable, readable } = await channels['net.connect'](t)
          writable.write(view(data), () => {
            dispose(data)
            writable.end()
          })
          assert.deepEqual(await collect(await readable), content)
          assert(!hasExternalData(data))
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

  it('is a part of what Buffer.concat returns, however the program formats stacks', () => {
    const { prepareStackTrace, stackTraceLimit } = Error
    const data = alloc(3)
    data[1] = 7
    const settings = [{ stackTraceLimit: 0 }, { prepareStackTrace: () => 42 }, { prepareStackTrace: () => { throw new Error('no stack') } }, {}]
    for (const setting of settings) {
      Object.assign(Error, { prepareStackTrace, stackTraceLimit }, setting)
      const bytes = Buffer.concat([data, Buffer.from([9])])
      Object.assign(Error, { prepareStackTrace, stackTraceLimit })
      assert.deepEqual([...bytes], [0, 7, 0, 9])
    }
  })
})
