'use strict'

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const { adopt, alloc, dispose, hasExternalData, release, sliceOnto, Types, view } = require('../..')
const { namesIn } = require('../support/elements')
const { errorOf, refuses } = require('../support/errors')
const { assertUnchanged, snapshotOf } = require('../support/snapshot')
const { unmovable } = require('../support/states')

const MiB = 2 ** 20
const filled = (byteLength) => new Uint8Array(byteLength).fill(7).buffer

function detached () {
  const arrayBuffer = release(alloc(8))
  adopt(arrayBuffer)
  return arrayBuffer
}

const bytesOf = (arrayBuffer) => arrayBuffer.byteLength === 0 ? Buffer.alloc(0) : Buffer.from(new Uint8Array(arrayBuffer))

const receivers = {
  none: () => undefined,
  'an object with elements, which give way': () => ({ 0: 'a', 1: 'b', c: 1 }),
  'a function': () => () => {},
  'a class that has a parent': () => class A extends Map {},
  'a Proxy': () => new Proxy({ a: 1 }, {}),
  'a Proxy of a class': () => new Proxy(class A extends Map {}, {})
}

describe('adopt', () => {
  for (const [name, make] of Object.entries(receivers)) {
    it(`makes the bytes of an ArrayBuffer the elements of a receiver, as alloc makes them: ${name}`, () => {
      for (const size of [0, 1, 64, 65, 1000, MiB]) {
        const arrayBuffer = filled(size)
        const receiver = make()
        const [object, other] = [adopt(arrayBuffer, receiver), alloc(size, make())]
        if (receiver !== undefined) assert.equal(object, receiver)
        assert.throws(() => new Uint8Array(arrayBuffer), TypeError, 'it is detached')
        assert(Buffer.from(view(object)).equals(Buffer.alloc(size, 7)))
        if (size > 0) object[0] = 9
        assert.equal(view(object)[0], size > 0 ? 9 : undefined)
        const slice = sliceOnto(object, {})
        if (size < MiB) {
          view(other).set(view(object))
          for (const look of [Reflect.ownKeys, Object.keys, namesIn, inspect]) assert.deepEqual(look(object), look(other))
        }
        dispose(object)
        dispose(other)
        assert.deepEqual([hasExternalData(object), object[0], Reflect.ownKeys(slice)], [false, undefined, []])
        assert.deepEqual(Reflect.ownKeys(object), Reflect.ownKeys(other))
        if (receiver !== undefined) assert.equal(Object.getPrototypeOf(object), Object.getPrototypeOf(make()))
      }
    })
  }

  it('takes each type, third or in second place', () => {
    for (const type of Object.values(Types)) {
      const { constructor } = view(alloc(1, type))
      assert.equal(view(adopt(new ArrayBuffer(16), type)).constructor, constructor)
      assert.equal(view(adopt(new ArrayBuffer(16), {}, type)).constructor, constructor)
      assert.equal(view(adopt(new ArrayBuffer(16), undefined, type)).byteLength, 16)
    }
  })

  it('has dispose free the memory, in that call', () => {
    for (const receiver of [undefined, {}]) {
      const object = adopt(filled(MiB), receiver)
      const before = process.memoryUsage().arrayBuffers
      dispose(object)
      assert(process.memoryUsage().arrayBuffers <= before - MiB)
    }
  })

  it('copies nothing: pages that nobody has touched stay so when memory moves out and in', () => {
    const size = 256 * MiB
    const before = process.memoryUsage.rss()
    let object = adopt(new ArrayBuffer(size))
    for (let round = 0; round < 10; round++) object = adopt(release(object))
    assert(process.memoryUsage.rss() - before < size / 4)
    dispose(object)
  })

  describe('refuses, and leaves both as they were', () => {
    const arrayBuffers = {
      ...unmovable,
      'a detached one': [detached, /must not be detached/],
      'a resizable one': [() => new ArrayBuffer(8, { maxByteLength: 16 }), /must not be resizable/],
      'an allocation\'s': [() => view(alloc(8)).buffer, /release that first/],
      'a large allocation\'s': [() => view(alloc(MiB)).buffer, /release that first/],
      'an adopted one\'s': [() => view(adopt(filled(8), {})).buffer, /release that first/]
    }
    for (const [name, [make, reason]] of Object.entries(arrayBuffers)) {
      it(name, () => {
        const arrayBuffer = make()
        const bytes = bytesOf(arrayBuffer)
        for (const receiver of [undefined, { 0: 'a', b: 1 }, () => {}, new Proxy({ 0: 'a' }, {})]) {
          const before = receiver && snapshotOf(receiver)
          assert.match(refuses(() => adopt(arrayBuffer, receiver), TypeError, 'ERR_INVALID_ARG_VALUE', 'arrayBuffer').message, reason)
          if (receiver) assertUnchanged(receiver, before)
          assert(bytes.equals(bytesOf(arrayBuffer)))
        }
      })
    }

    for (const size of [10, 1000]) {
      it(`a Proxy that takes no element, and no former one back, ${size} bytes`, () => {
        const arrayBuffer = filled(size)
        const fail = () => { throw new Error('on purpose') }
        const receiver = new Proxy({ 0: 'a' }, { defineProperty: fail, setPrototypeOf: fail })
        assert.throws(() => adopt(arrayBuffer, receiver), /^Error: on purpose$/)
        assert.equal(arrayBuffer.byteLength, size)
      })

      it(`a Proxy whose trap takes the memory away, ${size} bytes`, () => {
        const arrayBuffer = filled(size)
        const target = { 0: 'a' }
        const other = {}
        const receiver = new Proxy(target, {
          deleteProperty (object, key) {
            if (!hasExternalData(other)) adopt(arrayBuffer, other)
            return Reflect.deleteProperty(object, key)
          }
        })
        assert.match(errorOf(() => adopt(arrayBuffer, receiver)).message, /^arrayBuffer has lost its memory meanwhile$/)
        assert.equal(other[size - 1], 7)
        assert.equal(hasExternalData(receiver), false)
        assert.deepEqual(target, { 0: 'a' })
      })

      it(`a receiver whose getter takes the memory away, ${size} bytes`, () => {
        const arrayBuffer = filled(size)
        const receiver = { 0: 'a', get [inspect.custom] () { return void structuredClone(arrayBuffer, { transfer: [arrayBuffer] }) } }
        assert.match(errorOf(() => adopt(arrayBuffer, receiver)).message, /^arrayBuffer has lost its memory meanwhile$/)
        assert.deepEqual(Reflect.ownKeys(receiver), ['0', inspect.custom])
        assert.equal(receiver[0], 'a')
      })
    }
  })
})
