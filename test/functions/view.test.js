'use strict'

const assert = require('node:assert/strict')
const { alloc, dispose, sliceOnto, Types, view } = require('../..')
const { fill, toElement, typedArrays } = require('../support/elements')
const { forEachKind } = require('../support/kinds')

describe('view', () => {
  forEachKind((name, make) => {
    it(`of ${name} is a typed array of its type, or of the type that is asked for, over the same memory`, () => {
      for (const [own, TypedArray] of Object.entries(typedArrays)) {
        for (const length of [0, 8, 80]) {
          const object = make(length, own)
          const elements = view(object, undefined)
          assert.notEqual(view(object), elements)
          assert.equal(Object.getPrototypeOf(elements), TypedArray.prototype)
          assert.equal(elements.length, length)
          if (length > 0) {
            const [seven, nine] = [7, 9].map((number) => toElement(own, number))
            object[1] = seven
            assert.equal(elements[1], seven)
            elements[length - 1] = nine
            assert.equal(object[length - 1], nine)
          }
          const others = Object.keys(typedArrays).map((type) => view(object, Types[type]))
          assert.deepEqual(others.map(({ constructor }) => constructor), Object.values(typedArrays))
          for (const other of others) {
            assert.deepEqual([other.buffer, other.byteOffset, other.byteLength], [elements.buffer, elements.byteOffset, elements.byteLength])
          }
          dispose(object)
          for (const other of others) assert.deepEqual([other.length, other.byteOffset, other.buffer.byteLength], [0, 0, 0])
        }
      }
    })
  })

  it('of a window as a type starts at its first byte, and ends at its last', () => {
    const bytes = new Uint8Array(16).map((_, index) => index)
    assert.deepEqual([...view(bytes.subarray(4, 12), Types.Uint32)], [...new Uint32Array(bytes.buffer, 4, 2)])
    const slice = sliceOnto(fill(alloc(9), [9, 1, 2]), {}, 1, 3)
    assert.deepEqual([...view(slice, Types.Int8)], [1, 2])
    assert.equal(view(new Uint8Array(new SharedArrayBuffer(8)), Types.BigInt64).length, 1)
  })

  it('of a typed array or a Buffer is another over the same window', () => {
    for (const [bytes, like] of [[new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 4), new Uint8Array([2, 3, 4])],
      [Buffer.from('abc'), new Uint8Array([97, 98, 99])], [new Uint8Array(new SharedArrayBuffer(3)), new Uint8Array(3)]]) {
      const elements = view(bytes)
      assert.notEqual(elements, bytes)
      assert.deepEqual(elements, like)
      elements[0] = 9
      assert.equal(bytes[0], 9)
    }
    assert.deepEqual(view(new BigInt64Array([5n])), new BigInt64Array([5n]))
  })
})
