'use strict'

// What probes and random sequences are written in, beside smalloc. Runs in Node 0.12 as well, hence ES5.

/* eslint-disable no-var */

var isOriginal = /^v0\./.test(process.version)

function Thing () {
  this.made = true
}
Thing.prototype.sum = function () { return this[0] + this[1] }

/** The kinds of test/model/kinds.js that ES5 can make. */
var makers = {
  object: function () { return {} },
  'object with keys': function () { return { 0: 'zero', 5: 'five', 70: 'seventy', x: 'x', '01': 'one', '-1': 'minus' } },
  'object without prototype': function () { return Object.create(null) },
  instance: function () { return new Thing() },
  function: function () { return function (x) { return x * 3 } },
  Map: function () { return new Map() },
  Date: function () { return new Date(5) }
}

module.exports = function (smalloc) {
  var Types = smalloc.Types
  var alloc = smalloc.alloc

  var helpers = {
    smalloc: smalloc,
    inspect: require('util').inspect,
    /** The names of those that both have. */
    originalTypes: Object.keys(Types).filter(function (type) { return Types[type] <= 9 }),
    numbers: [
      0, 1, -1, 127, 128, 255, 256, 257, -129, 65535, 65536, 32768, 2147483648, 4294967295, 4294967296, 1.5, 0.5, 2.5,
      -0.5, -1.5, 254.5, 1e10, 1e20, -1e20, 1e-50, 3.4e39, Infinity, -Infinity, NaN, -0
    ],
    others: ['7', ' 7 ', 'x', '', null, undefined, true, [], [5], {}, { valueOf: function () { return 9 } }],

    /** An allocation of the kind. The first three elements are 1, 2, 3, the others 0. */
    made: function (kind) {
      var length = /large/.test(kind) ? 300 : 3
      var object = kind === 'bare' ? alloc(3) : alloc(length, /function/.test(kind) ? function () {} : {})
      return put(zeros(object), [1, 2, 3])
    },
    listed: function (kind) {
      var object = helpers.made(kind)
      object.length = 3
      return object
    },
    /** An allocation of the kind whose prototype has these properties. */
    over: function (kind, properties) {
      if (kind === 'bare') return Object.setPrototypeOf(alloc(3), properties)
      return alloc(kind === 'large' ? 300 : 3, Object.create(properties))
    },
    /** How many elements there are from 0 on. */
    count: count,
    list: list,
    elements: elements,
    put: put,
    zeros: zeros,
    of: function (type, values) { return put(alloc(values.length, type), values) },
    eight: function () { return helpers.of(Types.Uint8, [1, 2, 3, 4, 5, 6, 7, 8]) },
    buffer: function (content) { return Buffer.allocUnsafe ? Buffer.from(content) : new Buffer(content) },
    converts: function (value) { return { valueOf: function () { return value } } },
    /** How many elements there are, and the first after it has been set to -1.5. */
    first: function (object) {
      object[0] = -1.5
      return [count(object), object[0]]
    },
    set: function (object, key) {
      object[key] = 300
      return [object[key], key in object]
    },
    /** Copies, and returns the elements of `dest`. */
    copied: function (source, sourceStart, dest, destStart, copyLength) {
      zeros(dest)
      smalloc.copyOnto(source, sourceStart, dest, destStart, copyLength)
      return elements(dest)
    },
    attempt: attempt,
    /** The name and the words of the error, without the reason that may follow those of Node 0.12. */
    message: function (action) {
      var result = attempt(action)
      if (!(result instanceof Error)) return 'no error'
      return result.name + ': ' + result.message.replace(/(has no external array data): .*/, '$1')
    },
    forIn: function (object) {
      var keys = []
      for (var key in object) keys.push(key)
      return keys
    },
    attributes: function (object, key) {
      var descriptor = Object.getOwnPropertyDescriptor(object, key)
      return [descriptor.writable, descriptor.enumerable, descriptor.configurable]
    },
    /** Of a thousand blocks there is at least one that was in use before. */
    isFreshMemoryZero: function () {
      for (var round = 0; round < 1000; round++) {
        var used = alloc(256)
        for (var index = 0; index < 256; index++) used[index] = 255
        smalloc.dispose(used)
        var fresh = alloc(256)
        for (index = 0; index < 256; index++) if (fresh[index] !== 0) return false
        smalloc.dispose(fresh)
      }
      return true
    },
    /** Whether a method of the prototype sees the elements. */
    isSumOfThing: function (length) {
      function Thing () { put(alloc(length, this), [1, 2, 3]) }
      Thing.prototype.sum = function () { return this[0] + this[1] + this[2] }
      return new Thing().sum() === 6
    },

    // The others are for random sequences.
    make: function (kind) { return makers[kind]() },
    foreign: function (kind, length) {
      var bytes = []
      for (var index = 0; index < length; index++) bytes.push(index & 255)
      return helpers.buffer(bytes)
    },
    throws: function () { return { valueOf: function () { throw new EvalError('valueOf') } } },
    gc: function () { global.gc() },
    /** The starts of copyOnto are in bytes in Node 0.12: D23. `size` is the size of an element in bytes. */
    unit: function (size) { return isOriginal ? size : 1 },
    /** Strict mode throws if the key stays. */
    remove: function (object, key) {
      attempt(function () { delete object[key] })
    },
    write: function (object, length, from, by) {
      for (var index = 0; index < length; index++) object[index] = (from + index * by) & 255
    },
    /** All elements. If there are many, a sum that depends on each. */
    allOf: function (object, length) {
      var values = list(object, length)
      if (length <= 100) return values
      return values.reduce(function (sum, value, index) {
        return value === value && value !== undefined ? (sum + value * (index % 251 + 1)) % 1e9 : sum + 1
      }, 0)
    },
    found: function (object, keys) {
      return keys.map(function (key) { return [object[key], key in object] })
    },
    owns: function (object, keys) {
      return keys.map(function (key) { return Object.prototype.hasOwnProperty.call(object, key) })
    }
  }
  return helpers

  function count (object) {
    for (var index = 0; index in object;) index++
    return index
  }

  function list (object, length) {
    var values = []
    for (var index = 0; index < length; index++) values.push(object[index])
    return values
  }

  function elements (object) {
    return list(object, count(object))
  }

  /** Writes the values to the first elements and returns the object. */
  function put (object, values) {
    for (var index = 0; index < values.length; index++) object[index] = values[index]
    return object
  }

  function zeros (object) {
    for (var index = 0; index in object; index++) object[index] = 0
    return object
  }

  function attempt (action) {
    try {
      return action()
    } catch (error) {
      return error
    }
  }
}
