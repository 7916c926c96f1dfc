'use strict'

const assert = require('node:assert/strict')
const { dispose, External, hasExternalData, Types, view } = require('../..')
const { elementsOf, fill, indices, namesIn, toElement, typedArrays } = require('../support/elements')
const { fastest } = require('../support/fastest')
const { hiddenProperties, SimpleData } = require('../support/kinds')

describe('External', () => {
  for (const [type, TypedArray] of Object.entries(typedArrays)) {
    const Constructor = External[type]

    it(`${type} makes zeros of its type, and is a class of that name`, () => {
      for (const length of [0, 1, 2.7, 1000, 200 << 10]) {
        const object = new Constructor(length)
        assert.deepEqual(view(object), new TypedArray(Math.trunc(length)))
        assert(object instanceof Constructor && object instanceof External)
        assert.equal(object.constructor, Constructor)
        dispose(object)
      }
      assert.equal(Constructor.name, type === 'Uint8' ? 'External' : type)
    })

    it(`${type} cannot be called without new`, () => {
      assert.throws(() => Constructor(3), TypeError)
      assert.throws(() => Constructor.call({}, 3), TypeError)
      assert.throws(() => Reflect.apply(Constructor, new Constructor(1), [3]), TypeError)
    })

    it(`${type} can be extended`, () => {
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
  }

  it('has one constructor for each of Types, itself for Uint8, and the aliases Float32 and Float64, all read-only', () => {
    assert.deepEqual(Object.keys(External), Object.keys(Types))
    assert.deepEqual([External.Uint8, External.Float32, External.Float64], [External, External.Float, External.Double])
    for (const name of [...Object.keys(Types), 'Float32', 'Float64']) assert.throws(() => { External[name] = null }, TypeError)
  })

  it('makes own enumerable indices and nothing else', () => {
    for (const length of [0, 3, 100]) {
      const object = new External(length)
      for (const look of [Reflect.ownKeys, Object.keys, namesIn]) assert.deepEqual(look(object), indices(length))
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
    assert.equal(object instanceof Uint8Array, false)
  })

  describe('a subclass', () => {
    it('may have a length of its own', () => {
      const data = new SimpleData(3)
      assert.deepEqual(Object.getOwnPropertyDescriptor(data, 'length'), { value: 3, writable: true, enumerable: true, configurable: true })
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
      assert.equal(view(new Bits(20)).length, 3)
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

  it('elements are read in less than five times what a Uint8Array takes', () => {
    const sum = (object, length) => {
      let total = 0
      for (let round = 0; round < 20; round++) for (let index = 0; index < length; index++) total += object[index]
      return total
    }
    // One function each: a function that has seen both would be slower for both.
    const sumOf = (object) => new Function('object', 'length', `return (${sum})(object, length)`).bind(null, object, 100000)
    const isFast = ({ ours, peer }) => ours < 5 * peer
    const times = fastest({ ours: sumOf(new SimpleData(100000)), peer: sumOf(new Uint8Array(100000)) }, isFast)
    assert(isFast(times), JSON.stringify(times))
  })
})
