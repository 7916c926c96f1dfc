'use strict'

// Copies of any type, start and length, against a copy byte by byte, are in test/model/.

const assert = require('node:assert/strict')
const vm = require('node:vm')
const { alloc, copyOnto, dispose, External, sliceOnto, Types, view } = require('../..')
const { answerOf } = require('../support/child')
const { elementsOf, fill, typedArrays } = require('../support/elements')
const { refuses } = require('../support/errors')
const { forEachKind, kinds } = require('../support/kinds')
const { isNode } = require('../support/runtime')

const counted = (length) => Array.from({ length }, (_, index) => (index * 7 + 1) & 255)
const isOutOfRange = (name, action) => refuses(action, RangeError, 'ERR_OUT_OF_RANGE', name)

describe('copyOnto', () => {
  const foreign = {
    Buffer: (length) => Buffer.alloc(length),
    'a pooled Buffer': (length) => Buffer.allocUnsafe(length).fill(0),
    Uint8Array: (length) => new Uint8Array(length),
    'a subarray': (length) => new Uint8Array(length + 9).subarray(5, 5 + length),
    'shared memory': (length) => new Uint8Array(new SharedArrayBuffer(length)),
    'a typed array of another context': (length) => vm.runInNewContext(`new Uint8Array(${length})`),
    'a slice': (length) => sliceOnto(alloc(length), {})
  }
  const ends = { ...kinds, ...foreign }
  for (const [sourceName, makeSource] of Object.entries(ends)) {
    it(`copies from ${sourceName} to every kind of dest, and returns undefined`, () => {
      for (const [destName, makeDest] of Object.entries(ends)) {
        for (const length of [1, 8, 64, 65, 300]) {
          const source = fill(makeSource(length), counted(length))
          const dest = makeDest(length)
          const part = Math.ceil(length / 2)
          assert.equal(copyOnto(source, length - part, dest, 0, part), undefined)
          const expected = [...counted(length).slice(length - part), ...Array(length - part).fill(0)]
          assert.deepEqual(elementsOf(dest, length), expected, destName)
          copyOnto(source, 0, dest, 0, length)
          assert.deepEqual(elementsOf(dest, length), counted(length), destName)
        }
      }
    })
  }

  describe('starts and lengths', () => {
    it('count elements of the source, and elements of the dest', () => {
      const source = fill(alloc(4, Types.Uint16), [0x0102, 0x0304, 0x0506, 0x0708])
      const dest = alloc(8)
      copyOnto(source, 1, dest, 3, 2)
      assert.deepEqual(elementsOf(dest, 8), [0, 0, 0, ...new Uint8Array(new Uint16Array([0x0304, 0x0506]).buffer), 0])
    })

    it('that are fractions truncate, and may be at the very end, for no elements', () => {
      const dest = alloc(4)
      copyOnto(fill(alloc(4), [1, 2, 3, 4]), 1.9, dest, 0.99, 2.5)
      assert.deepEqual(elementsOf(dest, 4), [2, 3, 0, 0])
      for (const length of [0, 1, 4]) {
        copyOnto(alloc(length), length, dest, 4, -0)
        copyOnto(dest, 4, alloc(length, Types.Double), length, 0)
      }
    })

    it('must lie in the source, and in the dest, in bytes', () => {
      const [words, bytes] = [alloc(4, Types.Uint16), alloc(9)]
      isOutOfRange('sourceStart', () => copyOnto(words, 5, bytes, 0, 0))
      for (const [start, length] of [[0, 5], [3, 2], [4, 1]]) isOutOfRange('copyLength', () => copyOnto(words, start, alloc(100), 0, length))
      isOutOfRange('destStart', () => copyOnto(words, 0, bytes, 10, 0))
      for (const [start, length] of [[2, 4], [9, 1]]) isOutOfRange('copyLength', () => copyOnto(words, 0, bytes, start, length))
      copyOnto(words, 0, bytes, 1, 4)
    })
  })

  describe('a window on a larger buffer', () => {
    it('is what a typed array counts from, and is not left; it may lie at an odd byte', () => {
      const whole = new Uint8Array(16).fill(255)
      const window = whole.subarray(3, 10)
      copyOnto(fill(alloc(3, Types.Uint16), [0x0101, 0x0202, 0x0303]), 0, window, 1, 3)
      assert.deepEqual([...whole], [...Array(4).fill(255), 1, 1, 2, 2, 3, 3, ...Array(6).fill(255)])
      const back = alloc(3, {}, Types.Uint16)
      copyOnto(window, 1, back, 0, 6)
      assert.deepEqual(elementsOf(back, 3), [0x0101, 0x0202, 0x0303])
      isOutOfRange('copyLength', () => copyOnto(alloc(8), 0, window, 0, 8))
      isOutOfRange('copyLength', () => copyOnto(window, 0, alloc(99), 0, 8))
    })

    it('is what a pooled Buffer and a slice are', () => {
      const [a, b] = [Buffer.from('hello'), Buffer.from('world')]
      assert.equal(a.buffer, b.buffer)
      const slice = sliceOnto(alloc(9), {}, 2, 7)
      copyOnto(a, 0, slice, 0, 5)
      copyOnto(slice, 1, b, 2, 3)
      assert.equal(`${a} ${b}`, 'hello woell')
      isOutOfRange('copyLength', () => copyOnto(a, 0, alloc(99), 0, 6))
      isOutOfRange('copyLength', () => copyOnto(slice, 0, alloc(99), 0, 6))
    })
  })

  describe('every typed array', () => {
    it('NaNs of Float16, Float and Double keep their bits, and BigInts theirs, however few are copied', () => {
      // By the size of an element: signaling NaNs, with a first byte that differs. Read as numbers, they become quiet.
      const elements = {
        1: (number) => [number],
        2: (number) => [number, 0x7d],
        4: (number) => [number, 0, 0xa0, 0x7f],
        8: (number) => [number, 0, 0, 0, 0, 0, 0xf4, 0x7f]
      }
      for (const [type, { BYTES_PER_ELEMENT }] of Object.entries(typedArrays)) {
        const length = 20
        const bytes = Array.from({ length }, (_, index) => elements[BYTES_PER_ELEMENT](index + 1)).flat()
        for (let copied = 1; copied <= length; copied++) {
          const [source, dest] = [alloc(length, Types[type]), alloc(length, Types[type])]
          view(source, Types.Uint8).set(bytes)
          copyOnto(source, length - copied, dest, 0, copied)
          const byteLength = copied * BYTES_PER_ELEMENT
          assert.deepEqual([...view(dest, Types.Uint8).subarray(0, byteLength)], bytes.slice(bytes.length - byteLength), type)
        }
      }
    })

    it('over shared memory too, above and below the size of a streaming copy', () => {
      for (const length of [8, 33 << 20]) {
        const shared = new Uint8Array(new SharedArrayBuffer(length))
        shared[length - 1] = 7
        const object = alloc(length)
        copyOnto(shared, 0, object, 0, length)
        assert.equal(object[length - 1], 7)
        object[0] = 8
        copyOnto(object, 0, shared, 0, length)
        assert.deepEqual([shared[0], shared[length - 1]], [8, 7])
        dispose(object)
      }
    })

    it('over shared memory that another thread grows: right bytes, and nothing beside them', async () => {
      const steps = await answerOf('growing.js', [20_000])
      for (const [step, { right, wrong, error }] of Object.entries(steps)) {
        assert.equal(wrong, 0, `${step}: ${error ?? 'wrong bytes'}`)
        assert(right > 1000, `${step}: ${right} times`)
      }
    })

    it('over an immutable ArrayBuffer is refused as dest', async function () {
      if (!isNode || parseInt(process.versions.v8) < 14) this.skip() // there are none
      const error = await answerOf('immutable.js', [], { flags: ['--js-immutable-arraybuffer'] })
      assert.deepEqual(error, { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE', message: 'dest has an immutable ArrayBuffer' })
    })
  })

  describe('overlap', () => {
    forEachKind((name, make) => {
      it(`is handled in both directions within ${name}`, () => {
        for (const length of [5, 20, 64, 100, 1000]) {
          for (const shift of [1, 2, length >> 1]) {
            for (const [from, to] of [[0, shift], [shift, 0]]) {
              const object = fill(make(length), counted(length))
              copyOnto(object, from, object, to, length - shift)
              assert.deepEqual(elementsOf(object, length), counted(length).copyWithin(to, from, from + length - shift))
            }
          }
        }
      })
    })

    it('is handled between two windows of the same memory, of different types, and between an object, its slice and its view', () => {
      const { buffer } = new Uint8Array(counted(40))
      copyOnto(new Uint32Array(buffer), 2, new Uint8Array(buffer), 3, 6)
      assert.deepEqual([...new Uint8Array(buffer)], counted(40).copyWithin(3, 8, 32))
      const object = fill(alloc(8, {}), [1, 2, 3, 4, 5, 6, 7, 8])
      const slice = sliceOnto(object, {}, 2, 8)
      copyOnto(object, 0, slice, 0, 6)
      assert.deepEqual(elementsOf(object, 8), [1, 2, 1, 2, 3, 4, 5, 6])
      copyOnto(slice, 0, view(object), 0, 6)
      assert.deepEqual(elementsOf(object, 8), [1, 2, 3, 4, 5, 6, 5, 6])
    })

    it('is handled in blocks that are streamed', () => {
      const length = 40 << 20
      for (const shift of [1, 4096, 33 << 20]) {
        const object = new External(length)
        const elements = view(object)
        for (let index = 0; index < length; index += 65521) elements[index] = index >> 8
        const expected = Buffer.from(elements).copyWithin(shift, 0, length - shift)
        copyOnto(object, 0, object, shift, length - shift)
        assert(expected.equals(elements))
        copyOnto(object, shift, object, 0, length - shift)
        assert(expected.copyWithin(0, shift, length).equals(elements))
        dispose(object)
      }
    })
  })

  it('reads typed arrays without user code: own properties named as a typed array\'s are not asked', () => {
    const source = fill(new Uint8Array(4), [1, 2, 3, 4])
    for (const key of ['length', 'byteLength', 'byteOffset', 'buffer', 'constructor', Symbol.toStringTag]) {
      Object.defineProperty(source, key, { get: () => assert.fail(`${String(key)} was read`) })
    }
    const dest = alloc(4)
    copyOnto(source, 0, dest, 0, 4)
    copyOnto(source, 0, source, 1, 3)
    assert.deepEqual([elementsOf(dest, 4), elementsOf(source, 4)], [[1, 2, 3, 4], [1, 1, 2, 3]])
  })
})
