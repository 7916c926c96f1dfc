'use strict'

const assert = require('node:assert/strict')
const { dispose, External, Types, view } = require('../..')
const { fill, toElement, typedArrays } = require('../support/elements')
const { SimpleData } = require('../support/kinds')

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
      assert.throws(() => Constructor(3), TypeError)
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

  describe('a subclass', () => {
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
  })
})
