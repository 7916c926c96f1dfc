'use strict'

const assert = require('node:assert/strict')
const { alloc, dispose, External, hasExternalData, sliceOnto, Types, view } = require('../..')
const { elementsOf, fill, toElement, typedArrays } = require('../support/elements')
const { refuses } = require('../support/errors')
const { hiddenProperties, SimpleData } = require('../support/kinds')

describe('External', () => {
  for (const [type, TypedArray] of Object.entries(typedArrays)) {
    describe(type, () => {
      const Constructor = External[type]

      it('makes zeros of its type', () => {
        for (const length of [0, 1, 5, 1000, 200 << 10]) {
          const object = new Constructor(length)
          assert.deepEqual(view(object), new TypedArray(length))
          dispose(object)
        }
      })

      it('is a class of that name, and External is its ancestor', () => {
        const object = new Constructor(2)
        assert.equal(Constructor.name, type === 'Uint8' ? 'External' : type)
        assert(object instanceof Constructor)
        assert(object instanceof External)
        assert.equal(object.constructor, Constructor)
        assert.equal(Object.getPrototypeOf(object), Constructor.prototype)
      })

      it('cannot be called without new', () => {
        assert.throws(() => Constructor(3), TypeError)
        assert.throws(() => Constructor.call({}, 3), TypeError)
        assert.throws(() => Reflect.apply(Constructor, new Constructor(1), [3]), TypeError)
      })

      it('can be extended', () => {
        class Data extends Constructor {
          constructor (length) {
            super(length)
            this.length = length
          }

          sum () {
            let sum = toElement(type, 0)
            for (let index = 0; index < this.length; index++) sum += this[index]
            return sum
          }
        }
        const values = [1, 2, 3].map((number) => toElement(type, number))
        const data = fill(new Data(3), values)
        assert.equal(data.sum(), toElement(type, 6))
        assert.deepEqual(Object.keys(data), ['0', '1', '2', 'length'])
        assert.deepEqual(Array.from(data), values)
        assert.equal(view(data).constructor, TypedArray)
        assert(data instanceof Data && data instanceof External)
      })

      it('takes a length as alloc does', () => {
        assert.equal(view(new Constructor(2.7)).length, 2)
        for (const length of [undefined, '3', null, {}, [3], 3n, true, new ArrayBuffer(8), new Uint8Array(3), { valueOf: () => 3 }]) {
          refuses(() => new Constructor(length), TypeError, 'ERR_INVALID_ARG_TYPE', 'length')
        }
        for (const length of [NaN, -1, -0.5, Infinity, -Infinity, 2 ** 53]) {
          refuses(() => new Constructor(length), RangeError, 'ERR_OUT_OF_RANGE', 'length')
        }
      })
    })
  }

  it('is Uint8 itself', () => {
    assert.equal(External.Uint8, External)
    assert.equal(External.name, 'External')
  })

  it('has the names of today for Float and Double, too, which are not enumerable', () => {
    assert.equal(External.Float32, External.Float)
    assert.equal(External.Float64, External.Double)
    for (const alias of ['Float32', 'Float64']) assert.throws(() => { External[alias] = null }, TypeError)
  })

  it('has one constructor for each of Types, read-only', () => {
    assert.deepEqual(Object.keys(External), Object.keys(Types))
    for (const type of Object.keys(Types)) assert.throws(() => { External[type] = null }, TypeError)
  })

  it('makes own enumerable indices and nothing else', () => {
    for (const length of [0, 3, 100]) {
      const object = new External(length)
      const keys = Array.from({ length }, (_, index) => String(index))
      assert.deepEqual(Reflect.ownKeys(object), keys)
      assert.deepEqual(Object.keys(object), keys)
      const visited = []
      for (const key in object) visited.push(key)
      assert.deepEqual(visited, keys)
    }
    assert.equal(JSON.stringify(new External(2)), '{"0":0,"1":0}')
  })

  it('makes objects without a length and without the methods of typed arrays', () => {
    const object = new External(3)
    for (const key of Reflect.ownKeys(Object.getPrototypeOf(Uint8Array.prototype))) {
      if (!(key in {}) && !hiddenProperties.includes(key)) assert.equal(key in object, false, String(key))
    }
    assert.equal(object.length, undefined)
    assert.equal(Object.prototype.toString.call(object), '[object Object]')
    assert.equal(Array.isArray(object), false)
    assert.equal(object instanceof Uint8Array, false)
  })

  describe('a subclass', () => {
    it('may have a length of its own', () => {
      const data = new SimpleData(3)
      assert.equal(data.length, 3)
      assert.deepEqual(Object.getOwnPropertyDescriptor(data, 'length'),
        { value: 3, writable: true, enumerable: true, configurable: true })
      assert.deepEqual(Array.prototype.map.call(fill(data, [1, 2, 3]), (x) => x * 2), [2, 4, 6])
    })

    it('may have private fields, accessors, static members and a length on its prototype', () => {
      class Data extends External {
        #length
        static of (...values) {
          return fill(new this(values.length), values)
        }

        constructor (length) {
          super(length)
          this.#length = length
        }

        get length () {
          return this.#length
        }

        set first (value) {
          this[0] = value
        }

        * [Symbol.iterator] () {
          for (let index = 0; index < this.#length; index++) yield this[index]
        }
      }
      const data = Data.of(1, 2, 3)
      data.first = 300
      assert.deepEqual([...data], [44, 2, 3])
      assert.deepEqual(Object.keys(data), ['0', '1', '2'])
      dispose(data)
      assert.equal(data.length, 3)
    })

    it('of a subclass works, and may pass on another length', () => {
      class Bits extends SimpleData {
        constructor (bits) {
          super(Math.ceil(bits / 8))
        }
      }
      const bits = new Bits(20)
      assert.equal(bits.length, 3)
      assert.equal(view(bits).length, 3)
      assert(bits instanceof SimpleData)
    })

    it('without a constructor takes the length', () => {
      class Plain extends External.Double {}
      assert.deepEqual(view(new Plain(2)), new Float64Array(2))
    })

    it('can be a function that calls Reflect.construct', () => {
      function Old (length) {
        return Reflect.construct(External, [length], new.target)
      }
      Object.setPrototypeOf(Old.prototype, External.prototype)
      const object = new Old(3)
      assert(object instanceof Old)
      assert.deepEqual(elementsOf(object, 4), [0, 0, 0, undefined])
      dispose(object)
      assert.equal(hasExternalData(object), false)
    })

    it('that throws in its constructor leaves nothing behind', () => {
      let leaked
      class Broken extends External {
        constructor () {
          super(3)
          leaked = this
          throw new Error('broken')
        }
      }
      assert.throws(() => new Broken(), /broken/)
      dispose(leaked)
    })
  })

  it('cannot be a receiver or a dest', () => {
    refuses(() => alloc(3, new External(3)), TypeError, 'ERR_INVALID_ARG_VALUE', 'receiver')
    refuses(() => sliceOnto(alloc(3), new External(3)), TypeError, 'ERR_INVALID_ARG_VALUE', 'dest')
  })

  it('elements are as fast as a Uint8Array\'s, within a factor that a busy machine keeps', () => {
    const sum = (object, length) => {
      let total = 0
      for (let round = 0; round < 20; round++) for (let index = 0; index < length; index++) total += object[index]
      return total
    }
    // One function each: a function that has seen both would be slower for both.
    const sumOf = (object) => new Function('object', 'length', `return (${sum})(object, length)`).bind(null, object, 100000)
    const peer = fastestOf(sumOf(new Uint8Array(100000)))
    const ours = fastestOf(sumOf(new SimpleData(100000)))
    assert(ours < 5 * peer, `${ours} ms, a Uint8Array ${peer} ms`)
  })
})

function fastestOf (action) {
  let fastest = Infinity
  for (let i = 0; i < 20; i++) {
    const start = performance.now()
    action()
    fastest = Math.min(fastest, performance.now() - start)
  }
  return fastest
}
