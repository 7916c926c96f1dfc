'use strict'

const assert = require('node:assert/strict')
const loose = require('node:assert')
const { inspect } = require('node:util')
const { alloc, dispose, External, hasExternalData, Types, view } = require('../..')
const { elementsOf, errorOfWrite, fill, toElement, typedArrays } = require('../support/elements')
const { exotic, forEachKind, forEachSize, hiddenProperties, kinds, OWN_ELEMENTS } = require('../support/kinds')
const { snapshotOf, assertUnchanged } = require('../support/snapshot')

describe('alloc', () => {
  describe('what it returns', () => {
    it('is the receiver', () => {
      const receiver = {}
      assert.equal(alloc(3, receiver), receiver)
      assert.equal(alloc(3, receiver.f = () => {}, Types.Double), receiver.f)
    })

    it('is a new object without a receiver', () => {
      assert.notEqual(alloc(3), alloc(3))
      assert(hasExternalData(alloc(3)))
    })

    it('is a new object with a type in second place', () => {
      const doubles = alloc(2, Types.Double)
      doubles[0] = 0.5
      assert.deepEqual(elementsOf(doubles, 3), [0.5, 0, undefined])
    })

    it('is a new object with undefined for a receiver', () => {
      assert.deepEqual(view(alloc(2, undefined, Types.Int16)), new Int16Array(2))
      assert.deepEqual(view(alloc(2, undefined, undefined)), new Uint8Array(2))
      assert.deepEqual(view(alloc(2, Types.Int16, undefined)), new Int16Array(2))
    })
  })

  describe('the elements', () => {
    forEachKind((name, make) => {
      it(`of ${name} are zeros at first`, () => {
        forEachSize((length) => {
          for (const type of Object.keys(Types)) {
            assert.deepEqual(elementsOf(make(length, type), length), Array(length).fill(toElement(type, 0)))
          }
        })
      })

      it(`of ${name} are as many as asked for`, () => {
        for (const length of [0, 1, 2.7, 64, 64.9, 65, 200 << 10]) {
          const object = make(length)
          assert.equal(view(object).length, Math.trunc(length))
          assert.equal(object[Math.trunc(length)], undefined)
          dispose(object)
        }
      })

      it(`of ${name} keep what is written, whatever order it comes in`, () => {
        forEachSize((length) => {
          const object = make(length, 'Uint16')
          for (let index = length - 1; index >= 0; index--) object[index] = index * 3
          for (let index = 0; index < length; index++) assert.equal(object[index], index * 3)
        })
      })
    })

    const odd = [257, -1, 1.9, -1.9, 2 ** 31, 2 ** 32 + 5, 1e300, -1e300, NaN, Infinity, -0, '12', 'x', '', null, undefined, true,
      [], [7], {}, { valueOf: () => 300 }, 5n, -1n, 2n ** 63n, 2n ** 64n + 7n, { valueOf: () => -3n }]
    for (const [type, TypedArray] of Object.entries(typedArrays)) {
      it(`of type ${type} convert as a ${TypedArray.name}'s do`, () => {
        forEachKind((name, make) => {
          for (const length of [1, 100]) {
            const [object, oracle] = [make(length, type), new TypedArray(length)]
            for (const value of odd) {
              assert.equal(errorOfWrite(object, 0, value), errorOfWrite(oracle, 0, value))
              assert(Object.is(object[0], oracle[0]), `${name} of ${length}: ${String(value)}`)
            }
          }
        })
      })
    }

    it('turn 257 to 1 and -1 to 255, for Uint8', () => {
      forEachKind((name, make) => {
        for (const length of [2, 100]) {
          assert.deepEqual(elementsOf(fill(make(length), [257, -1]), 2), [1, 255], name)
        }
      })
    })

    it('refuse a BigInt and a symbol with a TypeError, as a typed array does', () => {
      forEachKind((name, make) => {
        for (const length of [2, 100]) {
          const object = fill(make(length), [7])
          assert.throws(() => { object[0] = 1n }, TypeError, name)
          assert.throws(() => { object[0] = Symbol.iterator }, TypeError, name)
          assert.equal(object[0], 7)
        }
      })
    })

    it('of a BigInt type refuse a number with a TypeError, as a typed array does, and wrap at 64 bits', () => {
      forEachKind((name, make) => {
        for (const type of ['BigInt64', 'BigUint64']) {
          for (const length of [2, 100]) {
            const object = fill(make(length, type), [7n])
            assert.throws(() => { object[0] = 1 }, TypeError, name)
            assert.equal(object[0], 7n)
            object[0] = 2n ** 64n - 1n
            assert.equal(object[0], type === 'BigInt64' ? -1n : 2n ** 64n - 1n)
          }
        }
      })
    })

    it('are zeros, too, in memory that another has used before', () => {
      for (const type of Object.keys(Types)) {
        forEachKind((name, make) => {
          for (const length of [100, 200 << 10]) {
            const [used, again] = [make(length, type), () => make(length, type)]
            view(used).fill(toElement(type, 1))
            dispose(used)
            const object = again()
            assert.equal(view(object).every((element) => element === toElement(type, 0)), true, `${name} of ${type}`)
            dispose(object)
          }
        })
      }
    })

    it('take an assignment for its value, and count up and down', () => {
      forEachKind((name, make) => {
        for (const length of [2, 100]) {
          const object = make(length)
          assert.equal(object[0] = 300, 300)
          assert.equal(object[0]++, 44)
          assert.equal(object[0] += 2, 47)
          assert.equal(object[0] -= 300, -253)
          assert.equal(object[0], 3)
        }
      })
    })

    it('are written without an effect when the conversion disposes the object', () => {
      forEachKind((name, make) => {
        for (const length of [2, 100]) {
          const object = make(length)
          object[0] = { valueOf: () => { dispose(object); return 7 } }
          assert.equal(object[0], undefined, name)
          assert.equal(hasExternalData(object), false)
        }
      })
    })
  })

  describe('past the end', () => {
    forEachKind((name, make) => {
      it(`reads of ${name} are undefined and \`in\` is false`, () => {
        for (const length of [0, 3, OWN_ELEMENTS, OWN_ELEMENTS + 1, 1000]) {
          const object = make(length)
          for (const index of [length, length + 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32, 2 ** 53, '1e+21', -1, 0.5, '-0', 'NaN']) {
            assert.equal(object[index], undefined, `${length}: ${index}`)
            assert.equal(index in object, false, `${length}: ${index}`)
            assert.equal(Reflect.has(object, index), false)
          }
        }
      })
    })

    it('writes are ignored, on what is a typed array and on large receivers', () => {
      for (const object of [...exotic.map((name) => kinds[name](3)), alloc(100, {}), alloc(100, () => {})]) {
        const keys = Reflect.ownKeys(object)
        object[100] = 1
        object[2 ** 32] = 1
        assert.equal(object[100], undefined)
        assert.equal(object[2 ** 32], undefined)
        assert.deepEqual(Reflect.ownKeys(object), keys)
      }
    })

    it('a write on a small receiver makes an ordinary property', () => {
      const receiver = alloc(3, {})
      receiver[3] = 300
      assert.deepEqual(receiver, { 0: 0, 1: 0, 2: 0, 3: 300 })
      dispose(receiver)
      assert.deepEqual(receiver, { 3: 300 })
    })
  })

  describe('without a receiver', () => {
    for (const length of [0, 3, 1000, 200 << 10]) {
      describe(`${length} elements`, () => {
        let object
        beforeEach(() => { object = alloc(length) })

        it('look like a plain object', () => {
          assert.equal(object.constructor, Object)
          assert(object instanceof Object)
          assert.equal(Object.prototype.toString.call(object), '[object Object]')
          assert.equal(`${object}`, '[object Object]')
          assert.equal(typeof object, 'object')
          assert.equal(Array.isArray(object), false)
        })

        it('have no length and no methods of typed arrays', () => {
          const { prototype } = Object.getPrototypeOf(Uint8Array)
          const names = [...Reflect.ownKeys(prototype), 'BYTES_PER_ELEMENT'].filter((name) => !(name in {}))
          assert(names.includes('length') && names.includes('fill') && names.includes(Symbol.iterator))
          for (const name of names) assert.equal(name in object && !hiddenProperties.includes(name), false, String(name))
          assert.equal(object.length, undefined)
          assert.equal('readUInt8' in object, false)
        })

        it('have no own or inherited enumerable properties but the indices', () => {
          let count = 0
          for (const key in object) assert.equal(key, String(count++))
          assert.equal(count, length)
          assert.equal(Reflect.ownKeys(object).length, length)
        })
      })
    }

    it('have own enumerable indices', () => {
      const object = fill(alloc(3), [1, 2, 3])
      assert.deepEqual(Object.keys(object), ['0', '1', '2'])
      assert.deepEqual(Object.values(object), [1, 2, 3])
      assert.deepEqual(Object.entries(object), [['0', 1], ['1', 2], ['2', 3]])
      assert.deepEqual({ ...object }, { 0: 1, 1: 2, 2: 3 })
      assert.equal(JSON.stringify(object), '{"0":1,"1":2,"2":3}')
      // eslint-disable-next-line no-prototype-builtins -- that it is there is what this tests
      assert.deepEqual([0, 2, 3, '-1'].map((key) => object.hasOwnProperty(key)), [true, true, false, false])
      assert(Object.hasOwn(object, 0))
      assert(Object.prototype.propertyIsEnumerable.call(object, 1))
      assert.deepEqual(forIn(object), ['0', '1', '2'])
    })

    it('take other properties as any object does', () => {
      const object = alloc(2)
      Object.assign(object, { name: 'x', length: 2 })
      object[Symbol.iterator] = Array.prototype[Symbol.iterator]
      assert.equal(object.name, 'x')
      assert.deepEqual(Array.from(object), [0, 0])
      assert.equal(JSON.stringify(object), '{"0":0,"1":0,"name":"x","length":2}')
      assert(delete object.name)
      assert.equal('name' in object, false)
    })

    it('do not give up an element', () => {
      const object = fill(alloc(2), [7])
      assert.equal(Reflect.deleteProperty(object, 0), false)
      assert.throws(() => Object.defineProperty(object, 0, { get: () => 1 }), TypeError)
      assert.throws(() => Object.freeze(object), TypeError)
      assert.equal(object[0], 7)
    })
  })

  describe('own indices of a receiver', () => {
    for (const make of [() => ({}), () => () => {}, () => new Map()]) {
      it(`are there up to ${OWN_ELEMENTS} elements, on ${inspect(make())}`, () => {
        for (const length of [0, 1, OWN_ELEMENTS]) {
          const keys = Array.from({ length }, (_, index) => String(index))
          const receiver = alloc(length, make())
          assert.deepEqual(Object.keys(receiver), keys)
          assert.deepEqual(forIn(receiver), keys)
          assert(keys.every((key) => Object.hasOwn(receiver, key)))
          assert.deepEqual({ ...receiver }, { ...Array(length).fill(0) })
        }
      })

      it(`are not from ${OWN_ELEMENTS + 1} on, on ${inspect(make())}`, () => {
        for (const length of [OWN_ELEMENTS + 1, 1000]) {
          const receiver = alloc(length, make())
          assert.deepEqual(Object.keys(receiver), [])
          assert.equal(Object.hasOwn(receiver, 0), false)
          assert.equal(0 in receiver && length - 1 in receiver, true)
          assert.deepEqual(forIn(receiver), Array.from({ length }, (_, index) => String(index)))
        }
      })
    }

    it('make a small receiver equal to an object with the same elements', () => {
      const receiver = alloc(3, {})
      loose.deepEqual(receiver, { 0: 0, 1: 0, 2: 0 })
      assert.deepEqual(receiver, { 0: 0, 1: 0, 2: 0 })
      receiver[1] = 5
      loose.notDeepEqual(receiver, { 0: 0, 1: 0, 2: 0 })
      assert.notDeepEqual(receiver, { 0: 0, 1: 0, 2: 0 })
      assert.deepEqual(receiver, { 0: 0, 1: 5, 2: 0 })
      assert.deepEqual(receiver, fill(alloc(3, {}), [0, 5]))
      assert.deepEqual(JSON.parse(JSON.stringify(receiver)), { 0: 0, 1: 5, 2: 0 })
      assert.deepEqual(structuredClone(receiver), { 0: 0, 1: 5, 2: 0 })
    })

    it('can be redefined and deleted by their owner; the memory stays what it is', () => {
      for (const length of [3, 100]) {
        const receiver = fill(alloc(length, {}), [1, 2, 3])
        Object.defineProperty(receiver, 1, { value: 'mine', configurable: true })
        assert.equal(receiver[1], 'mine')
        assert.equal(view(receiver)[1], 2)
        delete receiver[1]
        assert.equal(receiver[1], length === 3 ? undefined : 2)
        assert.equal(view(receiver)[1], 2)
      }
    })
  })

  describe('the cost of attaching', () => {
    it('is the same whatever the length beyond the boundary', () => {
      // The memory comes from elsewhere, so that this times the binding alone.
      const { sliceOnto } = require('../..')
      const source = alloc(4 << 20)
      const few = fastestOf(20, () => { for (let i = 0; i < 200; i++) sliceOnto(source, {}, 0, OWN_ELEMENTS + 1) })
      const many = fastestOf(20, () => { for (let i = 0; i < 200; i++) sliceOnto(source, {}, 0, 4 << 20) })
      dispose(source)
      assert(many < 10 * few, `${few} ms for ${OWN_ELEMENTS + 1} elements, ${many} ms for ${4 << 20}`)
    })

    it('makes no own property beyond the boundary', () => {
      const receiver = alloc(1 << 20, {})
      assert.deepEqual(Reflect.ownKeys(receiver), [])
      dispose(receiver)
    })
  })

  describe('loops and generics', () => {
    const data = Array.from({ length: 100 }, (_, index) => (index * 37) % 101)
    forEachKind((name, make) => {
      for (const length of [5, 100]) {
        // A function's own length can only be redefined.
        const withLength = (object) => Object.defineProperty(object, 'length', { value: length, configurable: true, writable: true })
        const filled = () => withLength(fill(make(length), data.slice(0, length)))
        const expected = () => data.slice(0, length)
        const { prototype } = Array

        it(`for-in visits the ${length} indices of ${name}`, () => {
          assert.deepEqual(forIn(fill(make(length), data.slice(0, length))), Object.keys(expected()))
        })

        it(`Array.from reads the ${length} elements of ${name}, given a length`, () => {
          assert.deepEqual(Array.from(filled()), expected())
          assert.deepEqual(Array.from(filled(), (x) => x * 2), expected().map((x) => x * 2))
          assert.deepEqual(Array.prototype.slice.call({ ...filled(), length: 0 }), [])
        })

        const readers = {
          slice: [1, 4], map: [(x) => x * 2], filter: [(x) => x % 2], reduce: [(a, b) => a + b], reduceRight: [(a, b) => a - b],
          indexOf: [37], lastIndexOf: [37], includes: [10], join: ['-'], some: [(x) => x === 37], every: [(x) => x >= 0],
          find: [(x) => x > 30], findIndex: [(x) => x > 30], findLast: [(x) => x > 30], at: [-1], keys: [], entries: [], values: [],
          flatMap: [(x) => [x, x]], toReversed: [], toSorted: [], with: [1, 9], flat: []
        }
        for (const [method, args] of Object.entries(readers)) {
          if (prototype[method] === undefined) throw new Error(`this runtime has no Array.prototype.${method}`)
          it(`Array.prototype.${method} reads ${name} of ${length}`, () => {
            const result = prototype[method].call(filled(), ...args)
            const oracle = prototype[method].call(expected(), ...args)
            if (typeof oracle?.next === 'function') assert.deepEqual([...result], [...oracle])
            else assert.deepEqual(result, oracle)
          })
        }

        it(`Array.prototype.forEach visits ${name} of ${length}`, () => {
          const seen = []
          prototype.forEach.call(filled(), (element, index) => seen.push([index, element]))
          assert.deepEqual(seen, [...expected().entries()])
        })

        const writers = { fill: [9, 1, 3], reverse: [], sort: [(a, b) => b - a], copyWithin: [0, 2] }
        for (const [method, args] of Object.entries(writers)) {
          it(`Array.prototype.${method} writes to ${name} of ${length}`, () => {
            const object = filled()
            assert.equal(prototype[method].call(object, ...args), object)
            assert.deepEqual([...view(object)], prototype[method].call(expected(), ...args))
          })
        }
      }
    })
  })

  describe('keys that are no index', () => {
    const ordinary = ['01', '-01', '1e1', '0x1', ' 1', '1 ', '+1', '1.0', '.5', '1n', '', 'length', '1_0', 'nan', '-1e1']
    const numeric = ['-1', '1.5', 'NaN', 'Infinity', '-Infinity', '-0', '1e+21', '-1.5', '9007199254740993e3']
    forEachKind((name, make) => {
      for (const length of [3, 100]) {
        it(`stay ordinary properties of ${name} of ${length}`, () => {
          const keys = exotic.includes(name) ? ordinary : [...ordinary, ...numeric]
          const object = make(length)
          for (const key of keys) {
            if (key === 'length' && name === 'function') continue // read-only
            object[key] = `at ${key}`
            assert.equal(object[key], `at ${key}`)
            assert(Object.hasOwn(object, key) && key in object, key)
            assert(Object.keys(object).includes(key))
            assert(delete object[key])
            assert.equal(Object.hasOwn(object, key), false)
            if (!hiddenProperties.includes(key)) assert.equal(key in object, false)
          }
          assert.deepEqual(elementsOf(object, length), Array(length).fill(0))
        })
      }
    })

    it('a number that a typed array could not have is ignored on bare and External objects', () => {
      for (const name of exotic) {
        const object = kinds[name](3)
        for (const key of ['-1', '1.5', 'NaN', '-0']) {
          object[key] = 1
          assert.equal(object[key], undefined)
          assert.equal(key in object, false)
        }
      }
    })

    it('symbols stay ordinary properties', () => {
      forEachKind((name, make) => {
        for (const length of [3, 100]) {
          const key = Symbol('0')
          const object = make(length)
          object[key] = 1
          assert.equal(object[key], 1)
          assert(Object.hasOwn(object, key))
        }
      })
    })

    it('that were there before are left alone', () => {
      for (const length of [3, 100]) {
        const key = Symbol('kept')
        const before = { '01': 1, '-1': 2, '1e1': 3, 1.5: 4, NaN: 5, 4294967295: 6, a: 7, [key]: 8 }
        const receiver = alloc(length, { ...before })
        for (const name of Reflect.ownKeys(before)) assert.equal(receiver[name], before[name])
        dispose(receiver)
        assert.deepEqual(receiver, before)
      }
    })
  })

  describe('indexed properties that a receiver had', () => {
    for (const length of [0, 3, 100]) {
      it(`give way to ${length} elements`, () => {
        const receiver = alloc(length, { 0: 'a', 2: 'c', 3: 'd', 500: 'far', 4294967294: 'last', name: 'kept' })
        assert.deepEqual(elementsOf(receiver, 4), [0, 1, 2, 3].map((index) => index < length ? 0 : undefined))
        assert.equal(receiver[500], undefined)
        assert.equal(4294967294 in receiver, false)
        assert.equal(receiver.name, 'kept')
      })

      it(`give way to ${length} elements, accessors too, and are not called`, () => {
        const receiver = {}
        const called = () => assert.fail('called')
        Object.defineProperty(receiver, 0, { get: called, set: called, configurable: true })
        alloc(length, receiver)
        assert.equal(receiver[0], length > 0 ? 0 : undefined)
      })

      it(`are a TypeError if not configurable, for ${length} elements`, () => {
        const receiver = { 0: 'a', b: 'b' }
        Object.defineProperty(receiver, 7, { value: 'fixed' })
        const before = snapshotOf(receiver)
        assert.throws(() => alloc(length, receiver), { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE', message: /^receiver .* 7 / })
        assertUnchanged(receiver, before)
      })
    }

    it('do not come back with dispose', () => {
      for (const length of [3, 100]) {
        const receiver = alloc(length, { 0: 'a', 5: 'b', name: 'kept' })
        dispose(receiver)
        assert.deepEqual(receiver, { name: 'kept' })
      }
    })
  })

  describe('an object that inherits from an allocated one', () => {
    const parents = { ...kinds, 'External.Double': (length) => new External.Double(length) }
    for (const [name, make] of Object.entries(parents)) {
      for (const length of [3, 100]) {
        it(`reads the elements of ${name} of ${length}`, () => {
          const parent = fill(make(length), [5, 6])
          const child = Object.create(parent)
          assert.deepEqual(elementsOf(child, 3), [5, 6, 0])
          assert(0 in child)
          assert.equal(Object.hasOwn(child, 0), false)
          assert.equal(Object.create(child)[1], 6)
          parent[1] = 7
          assert.equal(child[1], 7)
        })

        it(`writes to itself, not to ${name} of ${length}`, () => {
          const parent = make(length)
          for (const child of [Object.create(parent), Object.create(Object.create(parent)), Object.setPrototypeOf(() => {}, parent)]) {
            child[0] = 300
            child[length - 1] = 'last'
            assert.equal(child[0], 300)
            assert.equal(child[length - 1], 'last')
            assert(Object.hasOwn(child, 0) && Object.hasOwn(child, length - 1))
            assert.deepEqual(Object.getOwnPropertyDescriptor(child, 0),
              { value: 300, writable: true, enumerable: true, configurable: true })
            delete child[0]
            assert.equal(child[0], 0)
          }
          assert.deepEqual(elementsOf(parent, length), Array(length).fill(0))
        })

        it(`writes to itself in a hot loop over ${name} of ${length} and its heirs`, () => {
          const write = (object, index, value) => { object[index] = value }
          const parent = make(length)
          for (let round = 0; round < 3000; round++) {
            write(parent, 1, round)
            const child = Object.create(parent)
            write(child, 1, 'own')
            assert.equal(child[1], 'own')
          }
          assert.notEqual(parent[1], 'own')
          assert(view(parent)[1] === 2999 || view(parent)[1] === (2999 & 255))
        })

        it(`writes to itself where ${name} of ${length} has been disposed`, () => {
          const parent = make(length)
          const child = Object.create(parent)
          child[0] = 1
          dispose(parent)
          assert.equal(child[0], 1)
          assert.equal(child[1], undefined)
          assert.equal(1 in child, false)
          assert.deepEqual({ ...child }, { 0: 1 })
        })

        it(`can be allocated itself, ${name} of ${length} above it`, () => {
          for (const own of [2, 80]) {
            const parent = fill(make(length), [1, 2, 3])
            const child = alloc(own, Object.create(parent))
            assert.deepEqual(elementsOf(child, 2), [0, 0])
            fill(child, [8, 9])
            assert.deepEqual(elementsOf(parent, 3), [1, 2, 3])
            dispose(parent)
            assert.deepEqual(elementsOf(child, 2), [8, 9])
            dispose(child)
            assert.deepEqual(Reflect.ownKeys(child), [])
            assert.equal(Object.getPrototypeOf(child), parent)
          }
        })

        it(`can be disposed itself and reads ${name} of ${length} again`, () => {
          for (const own of [2, 80]) {
            const parent = fill(make(length), [1, 2, 3])
            const child = alloc(own, Object.create(parent))
            dispose(child)
            assert.deepEqual(elementsOf(child, 3), [1, 2, 3])
            assert(hasExternalData(parent))
            assert.equal(hasExternalData(child), false)
          }
        })
      }
    }

    it('is an instance of a class whose prototype was allocated', () => {
      for (const length of [3, 100]) {
        class Shared {}
        fill(alloc(length, Shared.prototype), [4, 5])
        const a = new Shared()
        const b = new Shared()
        a[0] = 'a'
        assert.equal(a[0], 'a')
        assert.equal(b[0], 4)
        assert.equal(Shared.prototype[0], 4)
        assert(b instanceof Shared)
      }
    })

    it('is a class that extends an allocated class', () => {
      for (const length of [3, 100]) {
        class A {}
        class B extends A {}
        fill(alloc(length, A), [4, 5])
        assert.equal(B[1], 5)
        B[1] = 6
        assert.deepEqual([A[1], B[1]], [5, 6])
        assert(new B() instanceof A)
      }
    })

    it('is a primitive, through its prototype', () => {
      for (const length of [3, 64]) {
        const { prototype } = BigInt
        fill(alloc(length, prototype), [4, 5])
        try {
          assert.equal(1n[1], 5)
          assert.equal(1n[length], undefined)
          assert.throws(() => { 1n[1] = 7 }, TypeError)
          assert.equal(prototype[1], 5)
        } finally {
          dispose(prototype)
        }
      }
    })

    it('is the target of Reflect.set', () => {
      for (const length of [3, 100]) {
        const parent = alloc(length, {})
        const other = {}
        assert(Reflect.set(parent, 0, 'x', other))
        assert.deepEqual(other, { 0: 'x' })
        assert.equal(parent[0], 0)
      }
    })

    it('is not extensible: the write is refused', () => {
      for (const length of [3, 100]) {
        const child = Object.freeze(Object.create(alloc(length, {})))
        assert.throws(() => { child[0] = 1 }, TypeError)
        assert.equal(child[0], 0)
      }
    })
  })
})

function forIn (object) {
  const keys = []
  for (const key in object) keys.push(key)
  return keys
}

function fastestOf (times, action) {
  let fastest = Infinity
  for (let i = 0; i < times; i++) {
    const start = performance.now()
    action()
    fastest = Math.min(fastest, performance.now() - start)
  }
  return fastest
}
