'use strict'

// The recipes of README.md for passing an allocation on. All without a copy, by `view`.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const fs = require('node:fs')
const { Readable } = require('node:stream')
const zlib = require('node:zlib')
const { alloc, copyOnto, dispose, hasExternalData, view } = require('../..')
const { channels } = require('./channels')
const { collect, large, something, toolsOf } = require('./tools')
const { forEachKind } = require('../support/kinds')

/** Each is given `data` of as many bytes as `content` has. */
const recipes = {
  'takes a file': async (data, content, t) => {
    fs.readSync(t.open(content).fd, view(data))
    assert.deepEqual(Buffer.from(view(data)), content)
    view(data).fill(0)
    await (await t.openHandle(content)).handle.read(view(data))
    assert.deepEqual(Buffer.from(view(data)), content)
  },
  'is hashed and compressed': (data, content) => {
    view(data).set(content)
    const hash = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex')
    assert.equal(hash(view(data)), hash(content))
    assert.deepEqual(zlib.gunzipSync(zlib.gzipSync(view(data))), content)
  },
  'collects the chunks of a stream': async (data, content, t) => {
    let end = 0
    for await (const chunk of fs.createReadStream(t.file(content))) {
      copyOnto(chunk, 0, data, end, chunk.length)
      end += chunk.length
    }
    assert.deepEqual(Buffer.from(view(data)), content)
  },
  'is sent over a socket, and disposed in the callback of write': async (data, content, t) => {
    view(data).set(content)
    const { writable, readable } = await channels['net.connect'](t)
    writable.write(view(data), () => {
      dispose(data)
      writable.end()
    })
    assert.deepEqual(await collect(await readable), content)
    assert(!hasExternalData(data))
  },
  'goes through a stream, and is found at its end by the ArrayBuffer': async (data, content) => {
    view(data).set(content)
    const owners = new WeakMap([[view(data).buffer, data]])
    const stream = new Readable({ read () {} })
    stream.push(view(data))
    stream.push(null)
    for await (const chunk of stream) {
      assert.deepEqual(chunk, content)
      dispose(owners.get(chunk.buffer))
    }
    assert(!hasExternalData(data))
  },
  'has a Buffer over its memory': (data) => {
    const { buffer, byteOffset, byteLength } = view(data)
    const bytes = Buffer.from(buffer, byteOffset, byteLength)
    bytes.write('smalloc', 1)
    assert.equal(data[1], 's'.charCodeAt(0))
    data[2] = 'M'.charCodeAt(0)
    assert.equal(bytes.toString('latin1', 1, 8), 'sMalloc')
    dispose(data)
    assert.equal(bytes.length, 0)
  }
}

describe('an allocation', () => {
  let t
  beforeEach(() => { t = toolsOf() })
  afterEach(() => t.end())

  for (const [recipe, run] of Object.entries(recipes)) {
    forEachKind((name, make) => {
      it(`${recipe}: ${name}`, async () => {
        for (const content of [something, large]) { // on both sides of where Rust begins to lend
          const data = make(content.length)
          await run(data, content, t)
          dispose(data)
        }
      })
    })
  }

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
