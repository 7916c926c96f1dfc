'use strict'

const assert = require('node:assert/strict')
const loose = require('node:assert')
const { inspect } = require('node:util')
const { alloc, dispose, External, hasExternalData, sliceOnto, Types, view } = require('../..')
const { elementsOf, errorOfWrite, fill, indices, namesIn, toElement, typedArrays } = require('../support/elements')
const { fastest } = require('../support/fastest')
const { exotic, forEachKind, forEachSize, hiddenProperties, kinds, OWN_ELEMENTS } = require('../support/kinds')
const { snapshotOf, assertUnchanged } = require('../support/snapshot')

describe('alloc', () => {
  describe('what it returns', () => {
    it('is the receiver', () => {
      const receiver = {}
      assert.equal(alloc(3, receiver), receiver)
      assert.equal(alloc(3, receiver.f = () => {}, Types.Double), receiver.f)
    })

    it('is a new object without a receiver, or with undefined for one', () => {
      assert.notEqual(alloc(3), alloc(3))
      assert.deepEqual(view(alloc(2)), new Uint8Array(2))
      assert.deepEqual(view(alloc(2, undefined, undefined)), new Uint8Array(2))
      assert.deepEqual(view(alloc(2, undefined, Types.Int16)), new Int16Array(2))
    })

    it('is a new object with a type in second place', () => {
      assert.deepEqual(view(alloc(2, Types.Double)), new Float64Array(2))
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
          dispose(object)
        }
      })

      it(`of ${name} keep what is written, in any order`, () => {
        forEachSize((length) => {
          const object = make(length, 'Uint16')
          for (let index = length - 1; index >= 0; index--) object[index] = index * 3
          for (let index = 0; index < length; index++) assert.equal(object[index], index * 3)
        })
      })

      it(`of ${name} are zeros in memory that was used before`, () => {
        for (const type of Object.keys(Types)) {
          for (const length of [100, 200 << 10]) {
            const used = make(length, type)
            view(used).fill(toElement(type, 1))
            dispose(used)
            const object = make(length, type)
            assert.equal(view(object).every((element) => element === toElement(type, 0)), true, type)
            dispose(object)
          }
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
              assert.equal(errorOfWrite(object, 0, value), errorOfWrite(oracle, 0, value))
              assert(Object.is(object[0], oracle[0]), `${name} of ${length}: ${String(value)}`)
            }
          }
        })
      })
    }

    it('take an assignment for its value, and count up and down', () => {
      forEachKind((name, make) => {
        for (const length of [2, 100]) {
          const object = make(length)
          assert.equal(object[0] = 300, 300)
          assert.equal(object[0]++, 44)
          assert.equal(object[0] -= 300, -255)
          assert.equal(object[0], 1)
        }
      })
    })

    it('are not written when the conversion disposes the object', () => {
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
          }
        }
      })
    })

    it('writes are ignored, on what is a typed array and on large receivers', () => {
      for (const object of [...exotic.map((name) => kinds[name](3)), alloc(100, {}), alloc(100, () => {})]) {
        const keys = Reflect.ownKeys(object)
        object[100] = 1
        object[2 ** 32] = 1
        assert.deepEqual([object[100], object[2 ** 32]], [undefined, undefined])
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
      it(`${length} elements look like a plain object, without a length and without methods of typed arrays`, () => {
        const object = alloc(length)
        assert.equal(object.constructor, Object)
        assert(object instanceof Object)
        assert.equal(Object.prototype.toString.call(object), '[object Object]')
        assert.equal(`${object}`, '[object Object]')
        const names = [...Reflect.ownKeys(Object.getPrototypeOf(Uint8Array).prototype), 'BYTES_PER_ELEMENT', 'readUInt8']
          .filter((name) => !(name in {}) && !hiddenProperties.includes(name))
        assert(names.includes('fill') && names.includes(Symbol.iterator))
        for (const name of names) assert.equal(name in object, false, String(name))
        assert.equal(object.length, undefined)
        assert.equal(namesIn(object).length, length)
        assert.equal(Reflect.ownKeys(object).length, length)
      })
    }

    it('have own enumerable indices', () => {
      const object = fill(alloc(3), [1, 2, 3])
      assert.deepEqual(Object.entries(object), [['0', 1], ['1', 2], ['2', 3]])
      assert.deepEqual({ ...object }, { 0: 1, 1: 2, 2: 3 })
      assert.equal(JSON.stringify(object), '{"0":1,"1":2,"2":3}')
      // eslint-disable-next-line no-prototype-builtins -- that it is there is what this tests
      assert.deepEqual([0, 2, 3, '-1'].map((key) => object.hasOwnProperty(key)), [true, true, false, false])
      assert(Object.prototype.propertyIsEnumerable.call(object, 1))
      assert.deepEqual(namesIn(object), ['0', '1', '2'])
    })

    it('take other properties as any object does', () => {
      const object = Object.assign(alloc(2), { name: 'x', length: 2 })
      object[Symbol.iterator] = Array.prototype[Symbol.iterator]
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
      for (const length of [0, 1, OWN_ELEMENTS, OWN_ELEMENTS + 1, 1000]) {
        it(`are there up to ${OWN_ELEMENTS} elements: ${length} on ${inspect(make())}`, () => {
          const receiver = alloc(length, make())
          const own = length <= OWN_ELEMENTS ? indices(length) : []
          assert.deepEqual(Object.keys(receiver), own)
          assert.deepEqual({ ...receiver }, { ...Array(own.length).fill(0) })
          assert(indices(length).every((key) => key in receiver))
          assert.deepEqual(namesIn(receiver), indices(length))
        })
      }
    }

    it('make a small receiver equal to an object with the same elements', () => {
      const receiver = alloc(3, {})
      loose.deepEqual(receiver, { 0: 0, 1: 0, 2: 0 })
      receiver[1] = 5
      loose.notDeepEqual(receiver, { 0: 0, 1: 0, 2: 0 })
      assert.notDeepEqual(receiver, { 0: 0, 1: 0, 2: 0 })
      assert.deepEqual(receiver, { 0: 0, 1: 5, 2: 0 })
      assert.deepEqual(receiver, fill(alloc(3, {}), [0, 5]))
      assert.equal(JSON.stringify(receiver), '{"0":0,"1":5,"2":0}')
      assert.deepEqual(structuredClone(receiver), { 0: 0, 1: 5, 2: 0 })
    })

    it('can be redefined and deleted by their owner; the memory stays what it is', () => {
      for (const length of [3, 100]) {
        const receiver = fill(alloc(length, {}), [1, 2, 3])
        Object.defineProperty(receiver, 1, { value: 'mine', configurable: true })
        assert.deepEqual([receiver[1], view(receiver)[1]], ['mine', 2])
        delete receiver[1]
        assert.deepEqual([receiver[1], view(receiver)[1]], [length === 3 ? undefined : 2, 2])
      }
    })
  })

  it('takes the same time for all lengths beyond the own indices', () => {
    // The memory comes from a source, so that only the work on the receiver is measured.
    const source = alloc(4 << 20)
    const slice = (length) => () => { for (let i = 0; i < 200; i++) sliceOnto(source, {}, 0, length) }
    const isEven = ({ few, many }) => many < 10 * few
    const times = fastest({ few: slice(OWN_ELEMENTS + 1), many: slice(4 << 20) }, isEven)
    dispose(source)
    assert(isEven(times), JSON.stringify(times))
  })

  describe('loops and generics', () => {
    const data = Array.from({ length: 100 }, (_, index) => (index * 37) % 101)
    const readers = {
      slice: [1, 4], map: [(x) => x * 2], filter: [(x) => x % 2], reduce: [(a, b) => a + b], reduceRight: [(a, b) => a - b],
      indexOf: [37], lastIndexOf: [37], includes: [10], join: ['-'], some: [(x) => x === 37], every: [(x) => x >= 0],
      find: [(x) => x > 30], findIndex: [(x) => x > 30], findLast: [(x) => x > 30], at: [-1], keys: [], entries: [], values: [],
      flatMap: [(x) => [x, x]], toReversed: [], toSorted: [], with: [1, 9], flat: []
    }
    const writers = { fill: [9, 1, 3], reverse: [], sort: [(a, b) => b - a], copyWithin: [0, 2] }

    forEachKind((name, make) => {
      for (const length of [5, 100]) {
        const expected = () => data.slice(0, length)
        // The length of a function can be redefined, but not assigned.
        const filled = () => Object.defineProperty(fill(make(length), expected()), 'length', { value: length, configurable: true })

        it(`for-in visits the ${length} indices of ${name}`, () => {
          assert.deepEqual(namesIn(fill(make(length), expected())), indices(length))
        })

        it(`Array.from and the methods of Array.prototype read ${name} of ${length}, given a length`, () => {
          assert.deepEqual(Array.from(filled(), (x) => x * 2), expected().map((x) => x * 2))
          for (const [method, args] of Object.entries(readers)) {
            const result = Array.prototype[method].call(filled(), ...args)
            const oracle = Array.prototype[method].call(expected(), ...args)
            if (typeof oracle?.next === 'function') assert.deepEqual([...result], [...oracle], method)
            else assert.deepEqual(result, oracle, method)
          }
        })

        it(`the methods of Array.prototype write to ${name} of ${length}`, () => {
          for (const [method, args] of Object.entries(writers)) {
            const object = filled()
            assert.equal(Array.prototype[method].call(object, ...args), object)
            assert.deepEqual([...view(object)], Array.prototype[method].call(expected(), ...args), method)
          }
        })
      }
    })
  })

  describe('keys that are no index', () => {
    const ordinary = ['01', '-01', '1e1', '0x1', ' 1', '1 ', '+1', '1.0', '.5', '1n', '', 'length', '1_0', 'nan', '-1e1', Symbol('0')]
    const numeric = ['-1', '1.5', 'NaN', 'Infinity', '-Infinity', '-0', '1e+21', '-1.5', '9007199254740993e3']
    forEachKind((name, make) => {
      for (const length of [3, 100]) {
        it(`stay ordinary properties of ${name} of ${length}`, () => {
          const object = make(length)
          for (const key of exotic.includes(name) ? ordinary : [...ordinary, ...numeric]) {
            if (key === 'length' && name === 'function') continue // read-only
            object[key] = 'ordinary'
            assert.equal(object[key], 'ordinary')
            assert(Object.hasOwn(object, key) && key in object, String(key))
            assert(Reflect.ownKeys(object).includes(key))
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
        const called = () => assert.fail('called')
        const receiver = Object.defineProperty({}, 0, { get: called, set: called, configurable: true })
        assert.equal(alloc(length, receiver)[0], length > 0 ? 0 : undefined)
      })

      it(`are a TypeError if not configurable, for ${length} elements`, () => {
        const receiver = Object.defineProperty({ 0: 'a', b: 'b' }, 7, { value: 'fixed' })
        const before = snapshotOf(receiver)
        assert.throws(() => alloc(length, receiver), { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE', message: /^receiver .* 7 / })
        assertUnchanged(receiver, before)
      })
    }
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
            assert.deepEqual([child[0], child[length - 1]], [300, 'last'])
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
          assert([2999, 2999 & 255].includes(parent[1]), parent[1])
        })

        it(`keeps what is its own when ${name} of ${length} is disposed`, () => {
          const parent = make(length)
          const child = Object.create(parent)
          child[0] = 1
          dispose(parent)
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
            dispose(child)
            assert.deepEqual([hasExternalData(child), Reflect.ownKeys(child), Object.getPrototypeOf(child)], [false, [], parent])
            assert.deepEqual(elementsOf(child, 3), [1, 2, 3])
            fill(alloc(own, child), [8, 9])
            dispose(parent)
            assert.deepEqual(elementsOf(child, 2), [8, 9])
          }
        })
      }
    }

    it('is an instance of a class whose prototype was allocated', () => {
      for (const length of [3, 100]) {
        class Shared {}
        fill(alloc(length, Shared.prototype), [4, 5])
        const [a, b] = [new Shared(), new Shared()]
        a[0] = 'a'
        assert.deepEqual([a[0], b[0], Shared.prototype[0]], ['a', 4, 4])
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
          assert.deepEqual([1n[1], 1n[length]], [5, undefined])
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
