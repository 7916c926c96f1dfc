'use strict'

const assert = require('node:assert/strict')
const { alloc, dispose, External, hasExternalData, Types, view } = require('../..')
const { fill, toElement, typedArrays } = require('../support/elements')
const { fastest } = require('../support/fastest')

describe('External', () => {
  for (const [type, TypedArray] of Object.entries(typedArrays)) {
    const Constructor = External[type]

    it(`${type} makes elements of its type, and is a class of that name, which can be extended`, () => {
      const object = new Constructor(2.7)
      assert.deepEqual(view(object), new TypedArray(2))
      assert(object instanceof External)
      assert.equal(object.constructor, Constructor)
      assert.equal(Constructor.name, type === 'Uint8' ? 'External' : type)
      assert.throws(() => Constructor(3), TypeError)
      assert.throws(() => Reflect.apply(Constructor, new Constructor(1), [3]), TypeError)

      class Data extends Constructor {
        constructor (length) {
          super(length)
          this.length = length
        }

        last () { return this[this.length - 1] }
      }
      const values = [1, 2, 3].map((number) => toElement(type, number))
      const data = fill(new Data(3), values)
      assert.equal(data.last(), values[2])
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

  // A constructor of 2014 that allocates `this` becomes fast by three changed lines: docs/api.md#external.
  describe('in place of a receiver in a constructor', () => {
    const METHODS = `
      Matrix.prototype.fillUp = function () { for (var i = 0; i < this.rows * this.cols; i++) this[i] = i % 7; return this }
      Matrix.prototype.sum = function () { var sum = 0; for (var i = 0; i < this.rows * this.cols; i++) sum += this[i]; return sum }`
    const receiver = 'function Matrix (rows, cols) { this.rows = rows; this.cols = cols; alloc(rows * cols, this, 6) }'
    const derived = 'class Matrix extends Base { constructor (rows, cols) { super(rows * cols); this.rows = rows; this.cols = cols } }'
    // For a constructor that must stay a function, because code above it uses it.
    const constructed = `function Matrix (rows, cols) {
      var self = Reflect.construct(Base, [rows * cols], new.target)
      return Object.assign(self, { rows, cols })
    }
    Object.setPrototypeOf(Matrix.prototype, Base.prototype)`

    /** The text of each differs, because V8 shares what it learns between functions of the same text. */
    const classOf = (source, Base = External.Uint32) =>
      new Function('Base', 'alloc', `${source}${METHODS}\nreturn Matrix // ${Math.random()}`)(Base, alloc)

    for (const [name, source] of Object.entries({ receiver, derived, constructed })) {
      it(`answers as before, and so does one that inherits from it: ${name}`, () => {
        const Matrix = classOf(source)
        class Square extends Matrix { constructor (size) { super(size, size) } }
        for (const [matrix, Class] of [[new Matrix(3, 3), Matrix], [new Square(3), Square]]) {
          assert(matrix.fillUp() instanceof Matrix)
          assert.deepEqual([matrix.constructor, matrix.rows, matrix.length, matrix.sum()], [Class, 3, undefined, 22])
          matrix[0] = -1
          assert.deepEqual([matrix[0], matrix[9]], [0xffffffff, undefined])
          dispose(matrix)
          assert.deepEqual([matrix[0], matrix.rows, hasExternalData(matrix)], [undefined, 3, false])
        }
      })
    }

    for (const [name, source] of Object.entries({ derived, constructed })) {
      it(`takes less than five times what a Uint32Array takes, and less than a fifth of a receiver: ${name}`, () => {
        const actionOf = (Matrix) => {
          const matrix = new Matrix(19, 23).fillUp()
          return () => { for (let pass = 0; pass < 50; pass++) matrix.sum() }
        }
        const actions = { ours: actionOf(classOf(source)), peer: actionOf(classOf(derived, Uint32Array)), slow: actionOf(classOf(receiver)) }
        const isFast = ({ ours, peer, slow }) => ours < 5 * peer && ours * 5 < slow
        const times = fastest(actions, isFast)
        assert(isFast(times), JSON.stringify(times))
      })
    }
  })
})
