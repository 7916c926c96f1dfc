'use strict'

// Properties that hold for all inputs. A failure prints the seed and the smallest counterexample.

const assert = require('node:assert/strict')
const fc = require('fast-check')
const { alloc, allocUnsafe, copyOnto, dispose, External, hasExternalData, sliceOnto, Types, view } = require('../..')
const { typedArrays } = require('../support/elements')
const { snapshotOf, assertUnchanged } = require('../support/snapshot')

const check = (arbitraries, property, numRuns = 300) => fc.assert(fc.property(...arbitraries, property), { numRuns })

const types = Object.keys(Types)
const type = fc.constantFrom(...types)
const shape = fc.constantFrom('bare', 'External', 'receiver', 'function', 'slice', 'typed array')
const makers = {
  bare: (length, name) => alloc(length, Types[name]),
  External: (length, name) => new External[name](length),
  receiver: (length, name) => alloc(length, {}, Types[name]),
  function: (length, name) => alloc(length, () => {}, Types[name]),
  slice: (length, name) => {
    const dest = {}
    sliceOnto(alloc(length + 7, Types[name]), dest, 3, length + 3)
    return dest
  },
  'typed array': (length, name) => new typedArrays[name](new ArrayBuffer((length + 2) * 8), 8, length)
}

/** The bytes of the memory behind an object, its window only. */
function bytesOf (object) {
  const elements = view(object)
  return new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength)
}

/** What copyOnto must do, byte by byte; false where it must throw. */
function naiveCopy (from, fromSize, sourceStart, to, toSize, destStart, copyLength) {
  const byteLength = copyLength * fromSize
  if ((sourceStart + copyLength) * fromSize > from.length || destStart * toSize + byteLength > to.length) return false
  const moved = Array.from({ length: byteLength }, (_, index) => from[sourceStart * fromSize + index])
  moved.forEach((byte, index) => { to[destStart * toSize + index] = byte })
  return true
}

const sizeOf = (name) => typedArrays[name].BYTES_PER_ELEMENT
const counted = (bytes, from) => bytes.forEach((_, index) => { bytes[index] = index * 7 + from })

describe('properties', () => {
  it('copyOnto does what a copy byte by byte does, or throws and does nothing', () => {
    const start = fc.oneof(fc.constant(0), fc.nat(140))
    /** How much longer a side is than the copy needs. */
    const more = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.constantFrom(-1, 1, 9))
    const toType = fc.option(type, { nil: undefined })
    let copied = 0
    check([shape, type, start, more, shape, toType, start, more, fc.nat(70)],
      (sourceShape, sourceType, sourceStart, moreOfSource, destShape, destType = sourceType, destStart, moreOfDest, copyLength) => {
        const needed = Math.ceil(copyLength * sizeOf(sourceType) / sizeOf(destType))
        const source = makers[sourceShape](Math.max(0, sourceStart + copyLength + moreOfSource), sourceType)
        const dest = makers[destShape](Math.max(0, destStart + needed + moreOfDest), destType)
        counted(bytesOf(source), 1)
        counted(bytesOf(dest), 101)
        const [from, to] = [[...bytesOf(source)], [...bytesOf(dest)]]
        const copy = () => copyOnto(source, sourceStart, dest, destStart, copyLength)
        if (naiveCopy(from, sizeOf(sourceType), sourceStart, to, sizeOf(destType), destStart, copyLength)) {
          copied++
          assert.equal(copy(), undefined)
        } else assert.throws(copy, { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' })
        assert.deepEqual([...bytesOf(dest)], to)
        assert.deepEqual([...bytesOf(source)], from)
      }, 3000)
    assert(copied > 1000, `${copied} copies`)
  })

  it('sliceOnto shows what subarray shows', () => {
    const position = fc.oneof(fc.nat(150), fc.nat(3))
    check([shape, type, position, position, fc.option(position, { nil: undefined })], (kind, name, length, start, end) => {
      const source = makers[kind](length, name)
      counted(bytesOf(source), 5)
      const dest = {}
      if (start > (end ?? length) || (end ?? length) > length) {
        assert.throws(() => sliceOnto(source, dest, start, end), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' })
        assert.equal(hasExternalData(dest), false)
      } else {
        assert.equal(sliceOnto(source, dest, start, end), dest)
        assert.deepEqual(view(dest), view(source).subarray(start, end))
        if (kind !== 'typed array' && kind !== 'slice') {
          dispose(source)
          assert.deepEqual(Reflect.ownKeys(dest), [])
        }
      }
    })
  })

  const key = fc.oneof(fc.nat(130).map(String), fc.constantFrom('01', '-1', '-0', '1e1', '1.5', 'NaN', 'Infinity', '4294967294', '4294967295',
    '4294967296', '9007199254740993', '1e+21', 'length', 'a', '', '__proto__', 'constructor', 'toString'), fc.string())
  const isIndex = (name) => String(name >>> 0) === name && name !== '4294967295'

  it('a receiver of any keys keeps those that are no index, and is what it was when alloc fails', () => {
    check([fc.array(fc.tuple(key, fc.anything()), { maxLength: 12 }), fc.constantFrom(0, 1, 64, 65, 200), type, fc.constantFrom(alloc, allocUnsafe)],
      (entries, length, name, allocate) => {
        const receiver = {}
        for (const [property, value] of entries) {
          Object.defineProperty(receiver, property, { value, enumerable: true, configurable: true, writable: true })
        }
        const before = snapshotOf(receiver)
        assert.throws(() => allocate(2 ** 53, receiver, Types[name]), RangeError)
        assertUnchanged(receiver, before)
        allocate(length, receiver, Types[name])
        for (const [property] of entries) {
          const [, descriptor] = before.properties.find(([own]) => own === property)
          if (!isIndex(property)) assert(Object.is(receiver[property], descriptor.value), property)
          else if (+property >= length) assert.equal(property in receiver, false)
        }
        dispose(receiver)
        before.properties = before.properties.filter(([property]) => !isIndex(property))
        assertUnchanged(receiver, before)
      })
  })

  it('writes by any key do on a receiver what they do on an object, but for the elements', () => {
    check([fc.constantFrom(3, 64, 65, 100), fc.array(fc.tuple(key, fc.integer()), { maxLength: 20 })], (length, writes) => {
      const receiver = alloc(length, {})
      const oracle = {}
      const elements = new Uint8Array(length)
      for (const [property, value] of writes) {
        receiver[property] = value
        const isNumber = /^\d+$/.test(property) && String(+property) === property && Number.isSafeInteger(+property)
        if (isNumber && +property < length) elements[property] = value
        else if (!isNumber || length <= 64) oracle[property] = value
      }
      assert.deepEqual(view(receiver), elements)
      // Many elements are on the prototype, which is a layer of its own.
      const expectedAt = (property) => property === '__proto__' ? Object.getPrototypeOf(receiver)
        : isIndex(property) && +property < length ? elements[property] : oracle[property]
      for (const [property] of writes) {
        const expected = expectedAt(property)
        assert(Object.is(receiver[property], expected), `${property}: ${receiver[property]}, not ${expected}`)
      }
      dispose(receiver)
      assert.deepEqual(receiver, oracle)
    })
  })
})
