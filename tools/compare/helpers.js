'use strict'

// What the probes of probes.txt are written in, beside smalloc. Runs in Node 0.12 as well, hence ES5.

/* eslint-disable no-var */

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
