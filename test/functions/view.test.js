'use strict'

const assert = require('node:assert/strict')
const { alloc, dispose, sliceOnto, Types, view } = require('../..')
const { elementsOf, fill, toElement, typedArrays } = require('../support/elements')
const { forEachKind } = require('../support/kinds')

describe('view', () => {
  forEachKind((name, make) => {
    it(`of ${name} is a typed array of its type over the same memory`, () => {
      for (const [type, TypedArray] of Object.entries(typedArrays)) {
        for (const length of [0, 3, 100]) {
          const object = make(length, type)
          const elements = view(object, undefined)
          assert.notEqual(view(object), elements)
          assert.equal(Object.getPrototypeOf(elements), TypedArray.prototype)
          assert.equal(elements.length, length)
          if (length === 0) continue
          const [five, seven, nine] = [5, 7, 9].map((number) => toElement(type, number))
          object[1] = seven
          assert.equal(elements[1], seven)
          elements[length - 1] = nine
          assert.equal(object[length - 1], nine)
          elements.fill(five)
          assert.deepEqual(elementsOf(object, length), Array(length).fill(five))
        }
      }
    })

    it(`of ${name} as each type is a typed array of that type over the same bytes`, () => {
      for (const own of Object.keys(typedArrays)) {
        for (const [type, TypedArray] of Object.entries(typedArrays)) {
          for (const length of [0, 8, 80]) {
            const object = make(length, own)
            const [bytes, elements] = [view(object, Types.Uint8), view(object, Types[type])]
            assert.equal(elements.constructor, TypedArray)
            assert.deepEqual([elements.buffer, elements.byteOffset, elements.byteLength], [bytes.buffer, bytes.byteOffset, bytes.byteLength])
            assert.equal(bytes.byteLength, view(object).byteLength)
            dispose(object)
            assert.deepEqual([elements.length, elements.byteOffset, elements.buffer.byteLength], [0, 0, 0])
          }
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
