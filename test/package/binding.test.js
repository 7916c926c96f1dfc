'use strict'

const assert = require('node:assert/strict')
const { alloc, dispose, memoryUsage, trim, view } = require('../..')
const { adviseHuge, cachedBytes, purge, takeBack } = require('../../lib/native/binding')
const { isEngineMemory } = require('../support/runtime')

const MiB = 2 ** 20
const PAGE = 4096
const isLinux = process.platform === 'linux'

const filled = (byteLength) => new Uint8Array(byteLength).fill(7)

/** Much faster than `every`. */
const holdsOnly = (bytes, value) => Buffer.compare(bytes, Buffer.alloc(bytes.length, value)) === 0

function detached () {
  const bytes = filled(16 * MiB)
  const { buffer } = bytes
  takeBack(bytes.buffer)
  return buffer
}

const nothings = {
  'no object': 5,
  'an object': {},
  'a typed array': filled(16 * MiB),
  'a SharedArrayBuffer': new SharedArrayBuffer(16 * MiB),
  'memory that is detached': detached()
}

describe('purge', () => {
  it('makes zeros of the whole pages in an ArrayBuffer of the engine\'s, and leaves the rest', () => {
    const bytes = filled(10 * MiB + 100)
    assert.equal(purge(bytes.buffer), isLinux)
    const [first, last] = [bytes.indexOf(0), bytes.lastIndexOf(0)]
    if (!isLinux) return assert.equal(first, -1)
    assert(first < 64 * 1024 && bytes.length - last <= 64 * 1024, `zeros from ${first} to ${last}`)
    assert(holdsOnly(bytes.subarray(0, first), 7))
    assert(holdsOnly(bytes.subarray(first, last + 1), 0))
    assert(holdsOnly(bytes.subarray(last + 1), 7))
    assert.equal((last + 1 - first) % PAGE, 0)
    assert.equal(bytes.fill(9).lastIndexOf(9), bytes.length - 1)
  })

  it('gives them back to the system', function () {
    if (!isLinux) this.skip()
    const bytes = filled(100 * MiB)
    const before = process.memoryUsage.rss()
    purge(bytes.buffer)
    assert(before - process.memoryUsage.rss() > 75 * MiB)
    assert.equal(bytes[50 * MiB], 0)
  })
})

describe('adviseHuge', () => {
  it('leaves the bytes as they are, and takes what holds a huge page', () => {
    const bytes = filled(16 * MiB)
    const answer = adviseHuge(bytes.buffer)
    if (!isLinux) assert.equal(answer, false)
    assert(holdsOnly(bytes, 7))
  })
})

for (const [name, call, tooShort] of [['purge', purge, 4000], ['adviseHuge', adviseHuge, 2 * MiB - 1]]) {
  describe(`${name} does nothing`, () => {
    for (const [what, value] of Object.entries({ ...nothings, 'less than a page of its kind': new ArrayBuffer(tooShort) })) {
      it(`to ${what}`, () => {
        assert.equal(call(value), false)
        if (ArrayBuffer.isView(value)) assert(holdsOnly(value, 7))
      })
    }
  })
}

describe('takeBack', () => {
  it('detaches memory of the engine\'s, and a block, which is then free', () => {
    const bytes = filled(100)
    assert.equal(takeBack(bytes.buffer), true)
    assert.equal(bytes.length, 0)
    const blocks = memoryUsage().blocks
    const elements = view(alloc(MiB))
    assert.equal(memoryUsage().blocks, blocks + (isEngineMemory ? 0 : 1))
    assert.equal(takeBack(elements.buffer), true)
    assert.equal(elements.length, 0)
    assert.equal(memoryUsage().blocks, blocks)
  })

  it('is false, and nothing is freed, where the memory cannot be detached', () => {
    const bytes = new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer)
    assert.equal(takeBack(bytes.buffer), false)
    assert.equal(bytes.length, 65_536)
  })

  it('takes nothing but an ArrayBuffer', () => {
    for (const value of [undefined, 5, {}, new Uint8Array(1)]) assert.throws(() => takeBack(value), TypeError)
  })
})

describe('cachedBytes', () => {
  it('counts what has been disposed, until it is used again or goes back to the system', async function () {
    if (isEngineMemory) this.skip()
    trim() // otherwise memory of other tests would go back during this one
    // Blocks this large do not wait in JavaScript: see LONGEST_LENT_BYTES in lib/memory/cache.js.
    const object = alloc(8 * MiB)
    const before = cachedBytes()
    dispose(object)
    assert.equal(cachedBytes(), before + 8 * MiB)
    const again = alloc(8 * MiB)
    assert.equal(cachedBytes(), before)
    dispose(again)
    while (cachedBytes() > 0) await new Promise((resolve) => setTimeout(resolve, 50)) // mocha ends what never comes
  })
})
