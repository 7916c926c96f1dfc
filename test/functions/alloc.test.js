'use strict'

// What alloc makes, and allocUnsafe. More on receivers is in receiver.test.js, on objects that inherit in heirs.test.js. What keys that
// are no index do is in test/model/.

const assert = require('node:assert/strict')
const loose = require('node:assert')
const { inspect } = require('node:util')
const { alloc, allocUnsafe, dispose, hasExternalData, sliceOnto, Types, view } = require('../..')
const { elementsOf, fill, indices, namesIn, toElement, typedArrays } = require('../support/elements')
const { errorIn } = require('../support/errors')
const { fastest } = require('../support/fastest')
const { exotic, forEachKind, hiddenProperties, kinds, OWN_ELEMENTS } = require('../support/kinds')

for (const [name, allocate] of Object.entries({ alloc, allocUnsafe })) {
  describe(name, () => {
    it('returns the receiver, or a new object without one', () => {
      for (const length of [3, 100]) {
        const receiver = {}
        assert.equal(allocate(length, receiver), receiver)
        assert.equal(allocate(length, receiver.f = () => {}, Types.Double), receiver.f)
      }
      assert.notEqual(allocate(3), allocate(3))
      assert.equal(Object.getPrototypeOf(allocate(3)), Object.getPrototypeOf(alloc(3)))
    })

    it('takes the type in second or third place, and Uint8 for a default', () => {
      for (const [type, TypedArray] of Object.entries(typedArrays)) {
        for (const length of [0, 5, 100, 200 << 10]) {
          for (const args of [[Types[type]], [Types[type], undefined], [undefined, Types[type]], [{}, Types[type]]]) {
            const object = allocate(length, ...args)
            assert.deepEqual([view(object).constructor, view(object).length], [TypedArray, length])
            if (length > 0) object[length - 1] = toElement(type, 77)
            assert.equal(object[length - 1], length > 0 ? toElement(type, 77) : undefined)
            dispose(object)
          }
        }
      }
      for (const args of [[], [undefined, undefined], [{}], [{}, undefined]]) assert.equal(view(allocate(2, ...args)).constructor, Uint8Array)
    })

    it('truncates the length', () => {
      for (const length of [0.9, 2.7, 64.9, 1000.5]) {
        for (const object of [allocate(length), allocate(length, {})]) assert.equal(view(object).length, Math.trunc(length))
      }
    })
  })
}

describe('elements', () => {
  const zeros = Buffer.alloc(8 * (200 << 10))
  forEachKind((name, make) => {
    it(`of ${name} are zeros, in memory that was used before as well`, () => {
      for (const type of Object.keys(Types)) {
        for (const length of [0, 1, OWN_ELEMENTS, OWN_ELEMENTS + 1, 200 << 10]) {
          for (let time = 0; time < 2; time++) {
            const object = make(length, type)
            assert.equal(view(object).length, length)
            const bytes = view(object, Types.Uint8)
            assert(zeros.subarray(0, bytes.length).equals(bytes), type)
            assert.equal(object[length - 1], length > 0 ? toElement(type, 0) : undefined)
            bytes.fill(1)
            dispose(object)
          }
        }
      }
    })

    it(`of ${name} are not written when the conversion disposes the object`, () => {
      for (const length of [2, 100]) {
        const object = make(length)
        object[0] = { valueOf: () => { dispose(object); return 7 } }
        assert.deepEqual([object[0], hasExternalData(object)], [undefined, false])
      }
    })
  })

  const values = [257, -1, 1.9, -1.9, 2 ** 31, 2 ** 32 + 5, 1e300, -1e300, NaN, Infinity, -0, '12', 'x', '', null, undefined, true,
    [], [7], {}, { valueOf: () => 300 }, Symbol.iterator, 5n, -1n, 2n ** 63n, 2n ** 64n + 7n, { valueOf: () => -3n }]
  for (const [type, TypedArray] of Object.entries(typedArrays)) {
    it(`of type ${type} convert as a ${TypedArray.name}'s do`, () => {
      forEachKind((name, make) => {
        for (const length of [1, 100]) {
          const [object, oracle] = [make(length, type), new TypedArray(length)]
          for (const value of values) {
            const errors = [object, oracle].map((elements) => errorIn(() => { elements[0] = value })?.name)
            assert.equal(errors[0], errors[1])
            assert(Object.is(object[0], oracle[0]), `${name} of ${length}: ${String(value)}`)
          }
        }
      })
    })
  }

  it('ignore writes past the end, on large receivers and on what is a typed array; that ignores other numbers, too', () => {
    for (const object of [...exotic.map((name) => kinds[name](100)), alloc(100, {}), alloc(100, () => {})]) {
      const keys = Reflect.ownKeys(object)
      for (const key of [100, 2 ** 32, ...ArrayBuffer.isView(object) ? [2 ** 53, '1e+21', -1, 1.5, 'NaN', '-0'] : []]) {
        object[key] = 1
        assert.deepEqual([object[key], key in object], [undefined, false])
      }
      assert.deepEqual(Reflect.ownKeys(object), keys)
    }
  })

  it('leave writes past the end of a small receiver: they make an ordinary property', () => {
    const receiver = alloc(3, {})
    assert.equal(3 in receiver, false)
    receiver[3] = 300
    assert.deepEqual(receiver, { 0: 0, 1: 0, 2: 0, 3: 300 })
    dispose(receiver)
    assert.deepEqual(receiver, { 3: 300 })
  })
})

describe('bare and External objects', () => {
  for (const name of exotic) {
    it(`look like a plain object, without a length and without methods of typed arrays: ${name}`, () => {
      for (const length of [0, 3, 1000, 200 << 10]) {
        const object = kinds[name](length)
        assert.equal(`${object}`, '[object Object]')
        const methods = [...Reflect.ownKeys(Object.getPrototypeOf(Uint8Array).prototype), 'BYTES_PER_ELEMENT', 'readUInt8']
          .filter((method) => !(method in {}) && !hiddenProperties.includes(method))
        assert(methods.includes('fill') && methods.includes(Symbol.iterator))
        for (const method of methods) assert.equal(method in object, false, String(method))
        assert.equal(object.length, undefined)
        for (const look of [Reflect.ownKeys, Object.keys, namesIn]) assert.deepEqual(look(object), indices(length))
        assert(object instanceof Object && !(object instanceof Uint8Array))
        if (name === 'bare') assert.equal(object.constructor, Object)
      }
    })

    it(`have own enumerable indices, and take other properties as any object does: ${name}`, () => {
      const object = Object.assign(fill(kinds[name](2), [1, 2]), { name: 'x', length: 2 })
      object[Symbol.iterator] = Array.prototype[Symbol.iterator]
      assert.deepEqual([...object], [1, 2])
      assert.equal(JSON.stringify(object), '{"0":1,"1":2,"name":"x","length":2}')
      assert.deepEqual([0, 1, 2, '-1'].map((key) => Object.hasOwn(object, key)), [true, true, false, false])
      assert(Object.prototype.propertyIsEnumerable.call(object, 1))
      assert(delete object.name)
      assert.equal('name' in object, false)
    })
  }
})

describe('own indices of a receiver', () => {
  for (const make of [() => ({}), () => () => {}, () => new Map()]) {
    it(`are there up to ${OWN_ELEMENTS} elements, on ${inspect(make())}`, () => {
      for (const length of [0, 1, OWN_ELEMENTS, OWN_ELEMENTS + 1, 1000]) {
        const receiver = alloc(length, make())
        const own = length <= OWN_ELEMENTS ? indices(length) : []
        assert.deepEqual(Object.keys(receiver), own)
        assert.deepEqual({ ...receiver }, { ...Array(own.length).fill(0) })
        assert(indices(length).every((key) => key in receiver))
        assert.deepEqual(namesIn(receiver), indices(length))
      }
    })
  }

  it('make a small receiver equal to an object with the same elements', () => {
    const receiver = fill(alloc(3, {}), [0, 5])
    for (const { deepEqual, notDeepEqual } of [assert, loose]) {
      deepEqual(receiver, { 0: 0, 1: 5, 2: 0 })
      notDeepEqual(receiver, { 0: 0, 1: 0, 2: 0 })
    }
    assert.deepEqual(receiver, fill(alloc(3, {}), [0, 5]))
    assert.equal(JSON.stringify(receiver), '{"0":0,"1":5,"2":0}')
    assert.deepEqual(structuredClone(receiver), { 0: 0, 1: 5, 2: 0 })
  })

  it('that a receiver had give way to the elements; accessors too, and are not called', () => {
    const called = () => assert.fail('called')
    for (const length of [0, 3, 100]) {
      const own = { 0: 'a', 2: 'c', 3: 'd', 500: 'far', 4294967294: 'last', name: 'kept' }
      const receiver = alloc(length, Object.defineProperty(own, 1, { get: called, set: called, configurable: true }))
      assert.deepEqual(elementsOf(receiver, 4), [0, 1, 2, 3].map((index) => index < length ? 0 : undefined))
      assert.deepEqual([receiver[500], 4294967294 in receiver, receiver.name], [undefined, false, 'kept'])
    }
  })

  it('are no more work beyond their limit, however many elements there are', () => {
    // The memory comes from a source, so that only the work on the receiver is measured.
    const source = alloc(4 << 20)
    const slice = (length) => () => { for (let i = 0; i < 200; i++) sliceOnto(source, {}, 0, length) }
    const isEven = ({ few, many }) => many < 10 * few
    const times = fastest({ few: slice(OWN_ELEMENTS + 1), many: slice(4 << 20) }, isEven)
    dispose(source)
    assert(isEven(times), JSON.stringify(times))
  })
})

describe('methods of Array.prototype', () => {
  const data = Array.from({ length: 100 }, (_, index) => (index * 37) % 101)
  const methods = {
    slice: [1, 4], map: [(x) => x * 2], reduceRight: [(a, b) => a - b], indexOf: [37], join: ['-'], at: [-1],
    fill: [9, 1, 3], reverse: [], sort: [(a, b) => b - a], copyWithin: [0, 2]
  }

  forEachKind((name, make) => {
    it(`read and write ${name}, given a length`, () => {
      for (const length of [5, 100]) {
        for (const [method, args] of Object.entries(methods)) {
          const array = data.slice(0, length)
          // The length of a function can be redefined, but not assigned.
          const object = Object.defineProperty(fill(make(length), array), 'length', { value: length, configurable: true })
          assert.deepEqual(Array.from(object), array)
          const [result, expected] = [Array.prototype[method].call(object, ...args), array[method](...args)]
          assert.deepEqual(result === object ? array : result, expected, method)
          assert.deepEqual([...view(object)], array, method)
        }
      }
    })
  })
})
