'use strict'

const assert = require('node:assert/strict')
const vm = require('node:vm')
const { alloc, dispose, External, hasExternalData, view } = require('../..')
const { forEachKind } = require('../support/kinds')
const { detachElsewhere, sliceOf } = require('../support/states')

describe('hasExternalData', () => {
  forEachKind((name, make) => {
    it(`is true for ${name}, false once it is disposed`, () => {
      for (const length of [0, 1, 64, 65, 200 << 10]) {
        const object = make(length)
        assert.equal(hasExternalData(object), true)
        dispose(object)
        assert.equal(hasExternalData(object), false)
      }
    })
  })

  it('is true for Buffers and typed arrays', () => {
    const values = [Buffer.from('pooled'), Buffer.alloc(0), Buffer.alloc(9), new Uint8Array(2), new Float64Array(0),
      new BigInt64Array(1), new BigUint64Array(1), new Uint8ClampedArray(1), new Int32Array(new SharedArrayBuffer(8)),
      new Uint8Array(9).subarray(3), vm.runInNewContext('new Uint16Array(3)'), view(alloc(3))]
    for (const value of values) assert.equal(hasExternalData(value), true)
  })

  it('is true for a slice, false once the slice or its source is disposed', () => {
    const source = alloc(9)
    const [a, b] = [sliceOf(source), sliceOf(source)]
    assert.deepEqual([a, b, source].map(hasExternalData), [true, true, true])
    dispose(a)
    assert.deepEqual([a, b, source].map(hasExternalData), [false, true, true])
    dispose(source)
    assert.deepEqual([a, b, source].map(hasExternalData), [false, false, false])
  })

  it('is false for what never had data, primitives, and no argument', () => {
    for (const value of [{}, [], () => {}, new Map(), Object.create(null), new ArrayBuffer(8), new SharedArrayBuffer(8),
      new DataView(new ArrayBuffer(8)), External, External.prototype, Uint8Array, Uint8Array.prototype, /x/,
      undefined, null, true, false, 0, 1, NaN, '', 'text', 1n, Symbol('s')]) {
      assert.equal(hasExternalData(value), false)
    }
    assert.equal(hasExternalData(), false)
  })

  it('is false for what merely looks like or inherits from an allocation', () => {
    for (const length of [3, 100]) {
      const receiver = alloc(length, {})
      assert.equal(hasExternalData(Object.create(receiver)), false)
      assert.equal(hasExternalData(Object.create(alloc(length))), false)
      assert.equal(hasExternalData({ ...receiver }), false)
      assert.equal(hasExternalData(Object.create(Object.getPrototypeOf(receiver))), false)
      assert.equal(hasExternalData({ length, buffer: new ArrayBuffer(8), byteOffset: 0 }), false)
    }
  })

  it('is false where the memory was transferred', () => {
    forEachKind((name, make) => {
      for (const length of [1, 64, 100]) {
        const object = make(length)
        detachElsewhere(object)
        assert.equal(hasExternalData(object), false, name)
      }
    })
    const bytes = new Uint8Array(8)
    detachElsewhere(bytes)
    assert.equal(hasExternalData(bytes), false)
  })

  it('never throws, and runs no trap', () => {
    const traps = new Proxy({}, { get: () => assert.fail('a trap ran') })
    for (const target of [{}, () => {}, new Uint8Array(2), alloc(2), alloc(2, {})]) {
      assert.equal(hasExternalData(new Proxy(target, traps)), false)
      const { proxy, revoke } = Proxy.revocable(target, {})
      revoke()
      assert.equal(hasExternalData(proxy), false)
    }
  })

  it('calls no getter and no conversion', () => {
    const called = () => assert.fail('called')
    const value = { get length () { return called() }, get buffer () { return called() }, valueOf: called, [Symbol.toPrimitive]: called }
    Object.defineProperty(value, Symbol.toStringTag, { get: called })
    assert.equal(hasExternalData(value), false)
  })
})
