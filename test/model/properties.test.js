'use strict'

// Properties that hold for all inputs. A failure prints the seed and the smallest counterexample.

const assert = require('node:assert/strict')
const fc = require('fast-check')
const { alloc, allocUnsafe, copyOnto, dispose, External, hasExternalData, sliceOnto, Types, view } = require('../..')
const { errorOfWrite, typedArrays } = require('../support/elements')
const { snapshotOf, assertUnchanged } = require('../support/snapshot')

const RUNS = 300
const check = (arbitraries, property) => fc.assert(fc.property(...arbitraries, property), { numRuns: RUNS })

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
const position = fc.oneof({ weight: 3, arbitrary: fc.nat(12) }, fc.nat(140))

describe('properties', () => {
  it('copyOnto does what a copy byte by byte does, or throws and does nothing', () => {
    let copied = 0
    check([shape, type, position, shape, type, position, position, position, position],
      (sourceShape, sourceType, sourceLength, destShape, destType, destLength, sourceStart, destStart, copyLength) => {
        const source = makers[sourceShape](sourceLength, sourceType)
        const dest = makers[destShape](destLength, destType)
        counted(bytesOf(source), 1)
        counted(bytesOf(dest), 101)
        const [from, to] = [[...bytesOf(source)], [...bytesOf(dest)]]
        if (naiveCopy(from, sizeOf(sourceType), sourceStart, to, sizeOf(destType), destStart, copyLength)) {
          copied++
          assert.equal(copyOnto(source, sourceStart, dest, destStart, copyLength), undefined)
        } else {
          assert.throws(() => copyOnto(source, sourceStart, dest, destStart, copyLength), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' })
        }
        assert.deepEqual([...bytesOf(dest)], to)
        assert.deepEqual([...bytesOf(source)], from)
      })
    assert(copied > 0)
  })

  for (const sourceType of types) {
    it(`copyOnto from ${sourceType} to every type, where all of it fits`, () => {
      check([shape, shape, type, fc.nat(40), fc.nat(40), fc.nat(70), fc.nat(9)],
        (sourceShape, destShape, destType, sourceStart, copyLength, destStart, more) => {
          const source = makers[sourceShape](sourceStart + copyLength + more, sourceType)
          const needed = Math.ceil(copyLength * sizeOf(sourceType) / sizeOf(destType))
          const dest = makers[destShape](destStart + needed, destType)
          counted(bytesOf(source), 3)
          const to = [...bytesOf(dest)]
          assert(naiveCopy([...bytesOf(source)], sizeOf(sourceType), sourceStart, to, sizeOf(destType), destStart, copyLength))
          copyOnto(source, sourceStart, dest, destStart, copyLength)
          assert.deepEqual([...bytesOf(dest)], to)
        })
    })
  }

  it('copyOnto within one memory, windows overlapping anyhow, is a move', () => {
    const windowOf = fc.tuple(type, fc.nat(20), fc.nat(20))
    check([windowOf, windowOf, fc.nat(20), fc.nat(20), fc.nat(20)], (sourceWindow, destWindow, sourceStart, destStart, copyLength) => {
      const memory = alloc(64, Types.Double)
      const whole = bytesOf(memory)
      counted(whole, 1)
      const windows = [sourceWindow, destWindow].map(([name, offset, length]) => {
        const elements = new typedArrays[name](whole.buffer, offset * 8, length)
        const dest = {}
        sliceOnto(elements, dest)
        return dest
      })
      const expected = [...whole]
      const [sourceOffset, destOffset] = [sourceWindow[1] * 8, destWindow[1] * 8]
      const from = expected.slice(sourceOffset, sourceOffset + sourceWindow[2] * sizeOf(sourceWindow[0]))
      const to = expected.slice(destOffset, destOffset + destWindow[2] * sizeOf(destWindow[0]))
      if (naiveCopy(from, sizeOf(sourceWindow[0]), sourceStart, to, sizeOf(destWindow[0]), destStart, copyLength)) {
        expected.splice(destOffset, to.length, ...to)
        copyOnto(windows[0], sourceStart, windows[1], destStart, copyLength)
      } else {
        assert.throws(() => copyOnto(windows[0], sourceStart, windows[1], destStart, copyLength), RangeError)
      }
      assert.deepEqual([...whole], expected)
    })
  })

  const odd = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.boolean(), fc.constantFrom(undefined, null, NaN, -0, 0.5, -0.5,
    254.5, 255.5, 1e300, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 31) - 1, Infinity, -Infinity, '0x1f', ' 12 ', [], [3], {}), fc.date(), fc.array(fc.nat(9)), fc.bigInt())

  for (const name of types) {
    it(`elements of type ${name} take what a ${typedArrays[name].name}'s take`, () => {
      check([shape, fc.constantFrom(1, 5, 64, 65, 90), fc.array(fc.tuple(fc.nat(95), odd), { maxLength: 40 })], (kind, length, writes) => {
        const object = makers[kind](length, name)
        const oracle = new typedArrays[name](length)
        for (const [index, value] of writes) {
          if (index >= length) continue
          assert.equal(errorOfWrite(object, index, value), errorOfWrite(oracle, index, value))
          assert(Object.is(object[index], oracle[index]))
        }
        assert.deepEqual([...bytesOf(object)], [...bytesOf(oracle)])
        for (let index = 0; index < length; index++) assert(Object.is(object[index], oracle[index]))
        assert.equal(object[length], undefined)
      })
    })
  }

  it('sliceOnto shows what subarray shows', () => {
    check([shape, type, fc.nat(150), fc.nat(150), fc.option(fc.nat(150), { nil: undefined })], (kind, name, length, start, end) => {
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

  it('alloc, write, copy, slice and dispose in any order agree with a model', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('alloc'), at: fc.nat(4), length: fc.constantFrom(0, 3, 64, 65, 100) }),
      fc.record({ do: fc.constant('write'), at: fc.nat(4), index: fc.nat(20), value: fc.integer() }),
      fc.record({ do: fc.constant('copy'), at: fc.nat(4), to: fc.nat(4), length: fc.nat(8) }),
      fc.record({ do: fc.constant('slice'), at: fc.nat(4), to: fc.nat(4), length: fc.nat(70) }),
      fc.record({ do: fc.constant('dispose'), at: fc.nat(4) }))
    check([fc.array(step, { maxLength: 40 })], (steps) => {
      const objects = [{}, () => {}, new Map(), Object.create(null), new Proxy({}, {})]
      const prototypes = objects.map(Object.getPrototypeOf)
      // In the model, memory is an Array, and an object has a window of it that starts at 0.
      const model = objects.map(() => undefined)
      const had = objects.map(() => false)
      const act = {
        alloc ({ at, length }) {
          if (model[at] !== undefined) return assert.throws(() => alloc(length, objects[at]), TypeError)
          alloc(length, objects[at])
          model[at] = { memory: Array(length).fill(0), length, owns: true }
          had[at] = true
        },
        write ({ at, index, value }) {
          if (model[at] === undefined || index >= model[at].length) return
          objects[at][index] = value
          model[at].memory[index] = value & 255
        },
        copy ({ at, to, length }) {
          if (model[at] === undefined || model[to] === undefined) {
            return assert.throws(() => copyOnto(objects[at], 0, objects[to], 0, length), /no external array data/)
          }
          if (length > model[at].length || length > model[to].length) {
            return assert.throws(() => copyOnto(objects[at], 0, objects[to], 0, length), RangeError)
          }
          copyOnto(objects[at], 0, objects[to], 0, length)
          for (let index = 0; index < length; index++) model[to].memory[index] = model[at].memory[index]
        },
        slice ({ at, to, length }) {
          if (model[at] === undefined || model[to] !== undefined || length > model[at].length) {
            return assert.throws(() => sliceOnto(objects[at], objects[to], 0, length))
          }
          sliceOnto(objects[at], objects[to], 0, length)
          model[to] = { memory: model[at].memory, length, owns: false }
          had[to] = true
        },
        dispose ({ at }) {
          if (!had[at]) return assert.throws(() => dispose(objects[at]), /no external array data/)
          dispose(objects[at])
          const gone = model[at]
          model[at] = undefined
          if (!gone?.owns) return
          model.forEach((entry, index) => { if (entry?.memory === gone.memory) model[index] = undefined })
        }
      }
      for (const one of steps) {
        act[one.do](one)
        objects.forEach((object, index) => {
          const entry = model[index]
          assert.equal(hasExternalData(object), entry !== undefined)
          if (entry !== undefined) assert.deepEqual([...view(object)], entry.memory.slice(0, entry.length))
          assert.equal(0 in object, entry !== undefined && entry.length > 0)
          if (entry === undefined) assert.equal(Object.getPrototypeOf(object), prototypes[index])
        })
      }
    })
  })
})
