'use strict'

// A constructor from 2014: as it was, and changed so that its elements are fast. Its methods do not change.

const assert = require('node:assert/strict')
const smalloc = require('../..')
const { fastest } = require('../support/fastest')

const METHODS = `
Matrix.prototype.fillUp = function () {
  for (var i = 0; i < this.rows * this.cols; i++) this[i] = i % 7
  return this
}
Matrix.prototype.sumByColumn = function () {
  var sums = []
  for (var col = 0; col < this.cols; col++) {
    var sum = 0
    for (var row = 0; row < this.rows; row++) sum += this[row * this.cols + col]
    sums.push(sum)
  }
  return sums
}`

const constructors = {
  'as it was': `
function Matrix (rows, cols) {
  this.rows = rows
  this.cols = cols
  smalloc.alloc(rows * cols, this, smalloc.Types.Uint32)
}`,
  // Three lines differ, none of the methods.
  'made a class': `
class Matrix extends smalloc.External.Uint32 { constructor (rows, cols) {
  super(rows * cols)
  this.rows = rows
  this.cols = cols
} }`,
  // For a constructor that must stay a function, because code above it uses it.
  'that constructs what it returns': `
function Matrix (rows, cols) {
  var self = Reflect.construct(smalloc.External.Uint32, [rows * cols], new.target)
  self.rows = rows
  self.cols = cols
  return self
}
Object.setPrototypeOf(Matrix.prototype, smalloc.External.Uint32.prototype)`
}

/** The text of each differs, because V8 shares what it learns between functions of the same text. */
const classOf = (source) => new Function('smalloc', `${source}${METHODS}\nreturn Matrix // ${Math.random()}`)(smalloc)

describe('a constructor of before there were classes', () => {
  for (const [name, source] of Object.entries(constructors)) {
    it(`${name}: answers as ever, and so does one that inherits from it`, () => {
      const Matrix = classOf(source)
      class Square extends Matrix {
        constructor (size) {
          super(size, size)
        }
      }
      for (const matrix of [new Matrix(3, 3), new Square(3)]) {
        assert(matrix.fillUp() instanceof Matrix)
        assert.equal(matrix.constructor, matrix instanceof Square ? Square : Matrix)
        assert.deepEqual([matrix.rows, matrix.cols, matrix.length], [3, 3, undefined])
        assert.deepEqual(matrix.sumByColumn(), [0 + 3 + 6, 1 + 4 + 0, 2 + 5 + 1])
        matrix[0] = -1
        assert.deepEqual([matrix[0], matrix[9]], [0xffffffff, undefined])
        smalloc.dispose(matrix)
        assert.deepEqual([matrix[0], matrix.rows, smalloc.hasExternalData(matrix)], [undefined, 3, false])
      }
    })
  }

  for (const name of ['made a class', 'that constructs what it returns']) {
    it(`${name}: takes less than five times what a Uint32Array takes, and less than a fifth of a receiver`, () => {
      const sources = {
        ours: constructors[name],
        receiver: constructors['as it was'],
        peer: constructors['made a class'].replace('smalloc.External.Uint32', 'Uint32Array')
      }
      const actions = {}
      for (const key in sources) {
        const matrix = new (classOf(sources[key]))(19, 23).fillUp()
        actions[key] = () => { for (let pass = 0; pass < 50; pass++) matrix.sumByColumn() }
      }
      const isFast = ({ ours, peer, receiver }) => ours < 5 * peer && ours * 5 < receiver
      const times = fastest(actions, isFast)
      assert(isFast(times), JSON.stringify(times))
    })
  }
})
