'use strict'

// Answers programs: node answer.js <module>
// Each line of the input is a program: a list of lines of ES5 code, as JSON. For each program a line with the list of answers goes
// out: the result of each line of code, as text, or the name of its error. This file is ES5, because Node 0.12 runs it, too.

/* eslint-disable no-var */

var inspect = require('util').inspect

var smalloc = require(process.argv[2])
var isOriginal = /^v0\./.test(process.version)
var own = Object.prototype.hasOwnProperty

/** The objects of a program are o0, o1 and so on. */
var MOST_OBJECTS = 200

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

/** What the code of random sequences calls, beside smalloc. */
var helpers = {
  make: function (kind) { return makers[kind]() },
  foreign: function (kind, length) {
    var bytes = []
    for (var index = 0; index < length; index++) bytes.push(index & 255)
    return Buffer.allocUnsafe ? Buffer.from(bytes) : new Buffer(bytes)
  },
  throws: function () { return { valueOf: function () { throw new EvalError('valueOf') } } },
  gc: function () { global.gc() },
  /** The starts of copyOnto are in bytes in Node 0.12: D23. `size` is the size of an element in bytes. */
  unit: function (size) { return isOriginal ? size : 1 },
  /** Strict mode throws if the key stays. `observe` then asks what there is. */
  remove: function (object, key) {
    try {
      delete object[key]
    } catch (error) {
      return undefined
    }
  },
  write: function (object, length, from, by) {
    for (var index = 0; index < length; index++) object[index] = (from + index * by) & 255
  },
  observe: observe
}

var oddKeys = ['-1', '1.5', '01', 'x', '4294967296']

/** Asks about an object with `length` elements. `isForeign`, `isListed` and `isInspected` decide what can be asked. */
function observe (object, length, isForeign, isListed, isInspected) {
  var asked = [
    ['hasExternalData', function () { return smalloc.hasExternalData(object) }],
    ['elements', function () { return elementsOf(object, length) }]
  ]
  if (!isForeign) {
    asked.push(
      ['past the end', function () { return [object[length], length in object] }],
      ['in', function () { return [0 in object, length - 1 in object, 1000000 in object] }],
      ['odd keys', function () { return oddKeys.map(function (key) { return [object[key], key in object] }) }],
      ['own', function () { return [own.call(object, 0), own.call(object, length), own.call(object, 'x')] }],
      ['extensible', function () { return Object.isExtensible(object) }])
  }
  if (isListed) {
    asked.push(
      ['keys', function () { return Object.keys(object).join() }],
      ['for-in', function () {
        var keys = []
        for (var key in object) keys.push(key)
        return keys.sort().join()
      }],
      ['JSON', function () { return JSON.stringify(object) }])
  }
  if (isInspected) asked.push(['inspect', function () { return inspect(object, { depth: 0 }).replace(/\s+/g, ' ') }])
  return asked.map(function (entry) { return { step: entry[0], answer: outcomeOf(entry[1]) } })
}

/** All elements. If there are many, a sum that depends on each. */
function elementsOf (object, length) {
  var values = []
  for (var index = 0; index < length; index++) values.push(object[index])
  if (values.length <= 100) return show(values)
  return values.length + ' elements: ' + values.reduce(function (sum, value, index) {
    return value === value && value !== undefined ? (sum + value * (index % 251 + 1)) % 1e9 : sum + 1
  }, 0)
}

function outcomeOf (action) {
  try {
    var result = action()
    return Array.isArray(result) && result.length > 0 && result[0] && result[0].step ? result : show(result)
  } catch (error) {
    var words = /^\w+ has no external array data/.exec(error.message)
    return words ? error.name + ': ' + words[0] : error.name
  }
}

function show (value) {
  if (Array.isArray(value)) return '[' + value.map(show).join(', ') + ']'
  if (value === 0 && 1 / value < 0) return '-0'
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

;[smalloc, helpers, require('./helpers')(smalloc)].forEach(function (names) {
  for (var name in names) global[name] = names[name]
})

/** An indirect eval runs global code, so the lines of a program share their objects. */
var evaluate = eval

function answersTo (program) {
  for (var number = 0; number < MOST_OBJECTS; number++) global['o' + number] = undefined
  return program.map(function (code) {
    return outcomeOf(function () { return evaluate('"use strict"; ' + code) })
  })
}

var input = ''
process.stdin.setEncoding('utf8')
process.stdin.on('data', function (text) {
  var lines = (input + text).split('\n')
  input = lines.pop()
  lines.forEach(function (line) {
    process.stdout.write(JSON.stringify(answersTo(JSON.parse(line))) + '\n')
  })
})
