'use strict'

// What compare-with-original.js asks Node 0.12's smalloc and this one. The very same file runs in both, hence ES5.
// An answer is text: what the probe returns, or the name of the error that it throws. Where the two answer differently,
// the probe names the row of the table of differences in docs/node-0.12.md that says so.
// An answer is the same in every run: no probe returns what fresh memory happens to hold.

/* eslint-disable no-var */

var inspect = require('util').inspect

module.exports = function (smalloc) {
  var probes = []
  var group = ''
  var alloc = smalloc.alloc
  var copyOnto = smalloc.copyOnto
  var dispose = smalloc.dispose
  var hasExternalData = smalloc.hasExternalData
  var kMaxLength = smalloc.kMaxLength
  var Types = smalloc.Types
  /** The names of those that both have. */
  var originalTypes = Object.keys(Types).filter(function (type) { return Types[type] <= 9 })

  /** One probe; `id` is given where the answers differ. */
  function ask (name, run, id) {
    probes.push({ group: group, name: name, run: run, id: id })
  }

  /** Every way to bind elements to an object. The first three elements become 1, 2, 3, the others 0. */
  var kinds = {
    'bare': function () { return alloc(3) },
    'small object': function () { return alloc(3, {}) },
    'small function': function () { return alloc(3, function () {}) },
    'large object': function () { return alloc(300, {}) },
    'large function': function () { return alloc(300, function () {}) }
  }

  /** A probe for each kind. `ids` is one id for all of them, or an object with ids for 'bare', 'small' and 'large'. */
  function askEach (name, run, ids) {
    Object.keys(kinds).forEach(function (kind) {
      var id = typeof ids === 'object' ? ids[kind.split(' ')[0]] : ids
      ask(kind + ': ' + name, function () { return run(write(zeros(kinds[kind]()), [1, 2, 3])) }, id)
    })
  }

  /** The same without functions: their `length` is read-only. */
  function askObjects (name, run, ids) {
    ['bare', 'small object', 'large object'].forEach(function (kind) {
      var id = typeof ids === 'object' ? ids[kind.split(' ')[0]] : ids
      ask(kind + ': ' + name, function () {
        var object = write(zeros(kinds[kind]()), [1, 2, 3])
        object.length = 3
        return run(object)
      }, id)
    })
  }

  /** How many elements there are from 0 on. */
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
  function write (object, values) {
    for (var index = 0; index < values.length; index++) object[index] = values[index]
    return object
  }

  function zeros (object) {
    for (var index = 0; index in object; index++) object[index] = 0
    return object
  }

  function of (type, values) {
    return write(alloc(values.length, type), values)
  }

  function eight () {
    return of(Types.Uint8, [1, 2, 3, 4, 5, 6, 7, 8])
  }

  function buffer (content) {
    return Buffer.allocUnsafe ? Buffer.from(content) : new Buffer(content)
  }

  /** Copies, and returns the elements of `dest`. */
  function copied (source, sourceStart, dest, destStart, copyLength) {
    zeros(dest)
    copyOnto(source, sourceStart, dest, destStart, copyLength)
    return elements(dest)
  }

  function attempt (action) {
    try {
      return action()
    } catch (error) {
      return error
    }
  }

  /** The name and the words of the error, without the reason that may follow those of Node 0.12. */
  function message (action) {
    var result = attempt(action)
    if (!(result instanceof Error)) return 'no error'
    return result.name + ': ' + result.message.replace(/(has no external array data): .*/, '$1')
  }

  function forIn (object) {
    var keys = []
    for (var key in object) keys.push(key)
    return keys
  }

  function attributes (object, key) {
    var descriptor = Object.getOwnPropertyDescriptor(object, key)
    return [descriptor.writable, descriptor.enumerable, descriptor.configurable]
  }

  group = 'the module'
  ask('its keys', function () { return Object.keys(smalloc) }, 'D1')
  ask('kMaxLength is 2 ** 30 - 1', function () { return kMaxLength === 0x3fffffff }, 'D2')
  ask('kMaxLength: an integer of at least 2 ** 30 - 1', function () {
    return typeof kMaxLength === 'number' && kMaxLength >= 0x3fffffff && Math.floor(kMaxLength) === kMaxLength
  })
  ask('kMaxLength: writable, enumerable, configurable', function () { return attributes(smalloc, 'kMaxLength') })
  ask('kMaxLength = 1: is it the same', function () {
    attempt(function () { smalloc.kMaxLength = 1 })
    return smalloc.kMaxLength === kMaxLength
  })
  ask('Types', function () { return JSON.stringify(Types) }, 'D37')
  ask('Types: the first nine', function () { return originalTypes.map(function (type) { return type + Types[type] }) })
  ask('a type of 10', function () { return hasExternalData(alloc(2, 10)) }, 'D37')
  ask('Types.Flaot', function () { return Types.Flaot }, 'D37')
  ask('Int64 in Types', function () { return 'Int64' in Types })
  ask('Types: writable, enumerable, configurable', function () { return attributes(smalloc, 'Types') })
  ask('Types.Uint8: writable, enumerable, configurable', function () { return attributes(Types, 'Uint8') })
  ask('Types: may take more properties', function () { return Object.isExtensible(Types) }, 'D3')
  ask('alloc.name, alloc.length', function () { return [alloc.name, alloc.length] })
  ask('dispose.name, dispose.length', function () { return [dispose.name, dispose.length] })

  group = 'alloc: length'
  ;[
    ['0', 0], ['1', 1], ['3', 3], ['2.7', 2.7], ['0.9', 0.9], ['-0', -0], ['-1', -1], ['-2147483648', -2147483648],
    ['NaN', NaN, 'D6'], ['-0.5', -0.5, 'D6'], ['Infinity', Infinity, 'D6'], ['-Infinity', -Infinity, 'D6'],
    ['2 ** 64', Math.pow(2, 64), 'D6'], ['"3"', '3', 'D5'], ['"x"', 'x', 'D5'], ['undefined', undefined, 'D5'],
    ['null', null, 'D5'], ['true', true, 'D5'], ['[]', [], 'D5'], ['{}', {}, 'D5'],
    ['{ valueOf: 2 }', { valueOf: function () { return 2 } }, 'D5'], ['100000', 100000], ['1000000', 1000000]
  ].forEach(function (entry) {
    ask('alloc(' + entry[0] + ')', function () { return count(alloc(entry[1])) }, entry[2])
    ask('alloc(' + entry[0] + ', {})', function () { return count(alloc(entry[1], {})) }, entry[2])
  })
  ask('alloc()', function () { return count(alloc()) }, 'D5')
  ask('alloc(kMaxLength + 1)', function () { return typeof alloc(kMaxLength + 1) })
  ask('alloc(kMaxLength, Types.Double)', function () { return typeof alloc(kMaxLength, Types.Double) }, 'D7')
  ask('alloc(kMaxLength, {}, Types.Uint16)', function () { return typeof alloc(kMaxLength, {}, Types.Uint16) }, 'D7')
  // Of a thousand blocks there is at least one that was in use before.
  ask('fresh memory is all zeros', function () {
    for (var round = 0; round < 1000; round++) {
      var used = alloc(256)
      for (var index = 0; index < 256; index++) used[index] = 255
      dispose(used)
      var fresh = alloc(256)
      for (index = 0; index < 256; index++) if (fresh[index] !== 0) return false
      dispose(fresh)
    }
    return true
  }, 'D4')

  ask('alloc(-1, alloc(1)): which error', function () { return alloc(-1, alloc(1)) }, 'D30')

  group = 'alloc: how many elements, and the first after [0] = -1.5'
  ;[
    ['alloc(2, undefined)', [2, undefined]],
    ['alloc(2, undefined, undefined)', [2, undefined, undefined]],
    ['alloc(2, undefined, Types.Int16)', [2, undefined, 3]],
    ['alloc(2, Types.Int16)', [2, 3]],
    ['alloc(2, Types.Int16, undefined)', [2, 3, undefined]],
    ['alloc(2, Types.Int16, Types.Int8)', [2, 3, 1], 'D9'],
    ['alloc(2, Types.Int16, {})', [2, 3, {}], 'D9'],
    ['alloc(2, {}, Types.Int16)', [2, {}, 3]],
    ['alloc(2, {}, undefined)', [2, {}, undefined]],
    ['alloc(2, {}, Types.Int16, 5)', [2, {}, 3, 5]],
    ['alloc(2, null)', [2, null]],
    ['alloc(2, null, Types.Int16)', [2, null, 3]],
    ['alloc(2, "3")', [2, '3']],
    ['alloc(2, "")', [2, '']],
    ['alloc(2, true)', [2, true]],
    ['alloc(2, 0)', [2, 0]],
    ['alloc(2, 13)', [2, 13]],
    ['alloc(2, -1)', [2, -1]],
    ['alloc(2, NaN)', [2, NaN]],
    ['alloc(2, 3.5)', [2, 3.5], 'D8'],
    ['alloc(2, {}, null)', [2, {}, null]],
    ['alloc(2, {}, 0)', [2, {}, 0]],
    ['alloc(2, {}, 13)', [2, {}, 13]],
    ['alloc(2, {}, 3.5)', [2, {}, 3.5], 'D8'],
    ['alloc(2, {}, "3")', [2, {}, '3'], 'D8'],
    ['alloc(2, {}, true)', [2, {}, true], 'D8'],
    ['alloc(2, {}, [3])', [2, {}, [3]], 'D8'],
    ['alloc(2, {}, {})', [2, {}, {}], 'D8'],
    ['alloc(2, {}, NaN)', [2, {}, NaN], 'D8']
  ].forEach(function (entry) {
    ask(entry[0], function () {
      var object = alloc.apply(null, entry[1])
      object[0] = -1.5
      return [count(object), object[0]]
    }, entry[2])
  })
  ask('alloc(3, receiver) === receiver', function () {
    var receiver = {}
    return alloc(3, receiver) === receiver
  })

  group = 'alloc(3, receiver), alloc(300, receiver): how many elements'
  ;[
    ['{}', function () { return {} }],
    ['Object.create(null)', function () { return Object.create(null) }],
    ['a function', function () { return function () {} }],
    ['an instance of a constructor', function () { return new (function Thing () { this.length = 3 })() }],
    ['a Date', function () { return new Date(0) }],
    ['a RegExp', function () { return /x/ }],
    ['a Map', function () { return new Map() }],
    ['a Set', function () { return new Set() }],
    ['a WeakMap', function () { return new WeakMap() }],
    ['an Error', function () { return new Error('x') }],
    ['a Promise', function () { return Promise.resolve() }],
    ['arguments', function () { return (function () { return arguments })(7, 8) }],
    ['arguments, none', function () { return (function () { return arguments })() }],
    ['new Number(1)', function () { return new Number(1) }],
    ['new Boolean(true)', function () { return new Boolean(true) }],
    ['new String("")', function () { return new String('') }],
    ['new String("ab")', function () { return new String('ab') }, 'D12'],
    ['Object.create([])', function () { return Object.create([]) }],
    ['Object.create(alloc(5, {}))', function () { return Object.create(alloc(1, {})) }],
    ['an ArrayBuffer', function () { return new ArrayBuffer(3) }],
    ['[]', function () { return [] }],
    ['[1, 2]', function () { return [1, 2] }],
    ['a Buffer', function () { return buffer('abc') }],
    ['a Uint8Array', function () { return new Uint8Array(3) }, 'D10'],
    ['a Float64Array', function () { return new Float64Array(3) }, 'D10'],
    ['a DataView', function () { return new DataView(new ArrayBuffer(3)) }, 'D10'],
    ['Object.preventExtensions({})', function () { return Object.preventExtensions({}) }, 'D11'],
    ['Object.seal({})', function () { return Object.seal({}) }, 'D11'],
    ['Object.freeze({})', function () { return Object.freeze({}) }, 'D11'],
    ['Object.freeze({ 0: 9 })', function () { return Object.freeze({ 0: 9 }) }, 'D11'],
    ['alloc(3)', function () { return alloc(3) }],
    ['alloc(3, {})', function () { return alloc(3, {}) }],
    ['alloc(0, {})', function () { return alloc(0, {}) }],
    ['alloc(300, {})', function () { return alloc(300, {}) }],
    ['a string', function () { return 'x' }],
    ['false', function () { return false }]
  ].forEach(function (entry) {
    ask(entry[0], function () { return [count(alloc(3, entry[1]())), count(alloc(300, entry[1]()))] }, entry[2])
  })

  group = 'receivers keep what they are'
  ask('a function: call', function () { return alloc(3, function (x) { return x * 2 })(21) })
  ask('a function: typeof', function () { return typeof alloc(300, function () {}) })
  ask('a Date: getTime()', function () { return alloc(3, new Date(5)).getTime() })
  ask('a large Date: getTime()', function () { return alloc(300, new Date(5)).getTime() })
  ask('a RegExp: test("x")', function () { return alloc(3, /x/).test('x') })
  ask('a Map: set, get', function () {
    var map = alloc(3, new Map())
    map.set('a', 1)
    return map.get('a')
  })
  ask('instanceof', function () {
    function Thing () { alloc(3, this) }
    return new Thing() instanceof Thing
  })
  ask('instanceof, large', function () {
    function Thing () { alloc(300, this) }
    return new Thing() instanceof Thing
  })
  ask('a prototype method sees the elements', function () {
    function Thing () { write(alloc(3, this), [1, 2, 3]) }
    Thing.prototype.sum = function () { return this[0] + this[1] + this[2] }
    return new Thing().sum()
  })
  askEach('its prototype is that of {} or of a function', function (object) {
    var prototype = Object.getPrototypeOf(object)
    return prototype === Object.prototype || prototype === Function.prototype
  }, { bare: 'D13', large: 'D14' })
  askEach('constructor', function (object) { return object.constructor.name })
  askObjects('Object.prototype.toString.call', function (object) { return Object.prototype.toString.call(object) })
  askEach('Array.isArray, Buffer.isBuffer', function (object) {
    return [Array.isArray(object), Buffer.isBuffer(object)]
  })
  askEach('ArrayBuffer.isView', function (object) { return ArrayBuffer.isView(object) }, { bare: 'D13' })
  askEach('.slice, .fill, .subarray', function (object) { return [object.slice, object.fill, object.subarray] })
  askEach('.buffer, .byteLength, .byteOffset', function (object) {
    return [typeof object.buffer, object.byteLength, object.byteOffset]
  }, { bare: 'D36' })
  askEach('.valueOf() is itself', function (object) { return object.valueOf() === object }, { bare: 'D36' })
  askEach('.buffer, assigned', function (object) {
    object.buffer = 1
    return [object.buffer, Object.keys(object).indexOf('buffer') >= 0 || Object.keys(object)]
  })
  askObjects('.length is none of its own', function (object) {
    delete object.length
    return object.length
  })

  group = 'a receiver’s own indexed properties'
  ask('{ 0: 9, 5: 8, x: 7 }: [5], x', function () {
    var object = alloc(3, { 0: 9, 5: 8, x: 7 })
    return [5 in object, object.x]
  })
  ask('{ 0: 9 }: after dispose', function () {
    var object = alloc(3, { 0: 9 })
    dispose(object)
    return 0 in object
  })
  ask('{ 0: 9, 400: 8 }, large: [400]', function () { return 400 in alloc(300, { 0: 9, 400: 8 }) })
  ask('a getter at 0', function () {
    var object = alloc(2, Object.defineProperty({}, 0, { get: function () { return 9 }, configurable: true }))
    object[0] = 5
    return object[0]
  })
  ask('a non-configurable property at 0', function () {
    var object = alloc(2, Object.defineProperty({}, 0, { value: 9 }))
    object[0] = 5
    return object[0]
  }, 'D12')
  ask('a property "01"', function () { return alloc(2, { '01': 9 })['01'] })
  ask('a property "-1"', function () { return alloc(2, { '-1': 9 })['-1'] })
  ask('a property 4294967295', function () { return alloc(2, { 4294967295: 9 })[4294967295] }, 'D20')
  ask('a property 4294967295, large', function () { return alloc(300, { 4294967295: 9 })[4294967295] }, 'D20')
  ask('a property 4294967294', function () { return alloc(2, { 4294967294: 9 })[4294967294] })
  ask('a failed alloc leaves it', function () {
    var object = { 0: 9 }
    attempt(function () { alloc(kMaxLength + 1, object) })
    attempt(function () { alloc(2, object, 13) })
    return [object[0], hasExternalData(object)]
  })

  group = 'conversion of elements'
  var values = [
    0, 1, -1, 127, 128, 255, 256, 257, -129, 65535, 65536, 32768, 2147483648, 4294967295, 4294967296, 1.5, 0.5, 2.5,
    -0.5, -1.5, 254.5, 1e10, 1e20, -1e20, 1e-50, 3.4e39, Infinity, -Infinity, NaN, -0
  ]
  var others = ['7', ' 7 ', 'x', '', null, undefined, true, [], [5], {}, { valueOf: function () { return 9 } }]
  originalTypes.forEach(function (type) {
    ask(type + ': ' + values.length + ' numbers', function () { return elements(of(Types[type], values)) })
    ask(type + ': ' + values.length + ' numbers, small receiver', function () {
      return elements(write(alloc(values.length, {}, Types[type]), values))
    })
    ask(type + ': ' + values.length + ' numbers, large receiver', function () {
      return list(write(alloc(300, {}, Types[type]), values), values.length)
    })
    ask(type + ': strings, null, objects', function () { return elements(of(Types[type], others)) })
    ask(type + ': strings, null, objects, small receiver', function () {
      return elements(write(alloc(others.length, {}, Types[type]), others))
    })
    ask(type + ': strings, null, objects, large receiver', function () {
      return list(write(alloc(300, {}, Types[type]), others), others.length)
    })
    ask(type + ': bytes of [1, -2]', function () { return copied(of(Types[type], [1, -2]), 0, alloc(16), 0, 2) })
  })

  group = 'reads and writes past the end'
  askEach('[1000], 1000 in it', function (object) { return [object[1000], 1000 in object] })
  askEach('[1000] = 9, then [1000]', function (object) {
    attempt(function () { object[1000] = 9 })
    return object[1000]
  }, { small: 'D18' })
  askEach('delete [1000]', function (object) { return delete object[1000] })
  askEach('delete [0], then [0]', function (object) {
    attempt(function () { return delete object[0] })
    return object[0]
  }, { small: 'D15' })

  group = 'elements as properties'
  askEach('hasOwnProperty(0), (1000), ("x")', function (object) {
    var has = Object.prototype.hasOwnProperty
    return [has.call(object, 0), has.call(object, 1000), has.call(object, 'x')]
  }, { large: 'D14' })
  askEach('propertyIsEnumerable(0)', function (object) {
    return Object.prototype.propertyIsEnumerable.call(object, 0)
  }, { large: 'D14' })
  askEach('descriptor of 0', function (object) {
    return JSON.stringify(Object.getOwnPropertyDescriptor(object, 0))
  }, { small: 'D15', large: 'D14' })
  askEach('defineProperty of 0 with value 258, then [0]', function (object) {
    attempt(function () { Object.defineProperty(object, 0, { value: 258 }) })
    return object[0]
  }, 'D16')
  askEach('defineProperty of 0 with a getter, then [0]', function (object) {
    Object.defineProperty(object, 0, { get: function () { return 77 }, configurable: true })
    return object[0]
  }, 'D16')
  askEach('Object.preventExtensions', function (object) {
    return Object.isExtensible(Object.preventExtensions(object))
  }, 'D17')
  ask('small object: Object.seal', function () { return Object.isSealed(Object.seal(alloc(3, {}))) }, 'D17')
  ask('large object: Object.seal', function () { return Object.isSealed(Object.seal(alloc(300, {}))) }, 'D17')
  askEach('Object.freeze', function (object) {
    return Object.isFrozen(Object.freeze(object))
  }, { small: 'D17', large: 'D17' })

  group = 'keys that are no indices: [key] = 300, then [key], key in it'
  ;['-1', '1.5', '-0', 'NaN', 'Infinity', '1e+21'].forEach(askKey({ bare: 'D19' }))
  ;['01', '1e1', '+1', ' 1', '0x1', '1.0', '', 'x', '1e400'].forEach(askKey())
  ;['4294967295'].forEach(askKey({ small: 'D20' }))
  ;['4294967296', '9007199254740991'].forEach(askKey({ bare: 'D34', large: 'D34' }))

  function askKey (ids) {
    return function (key) {
      askEach(JSON.stringify(key), function (object) {
        object[key] = 300
        return [object[key], key in object]
      }, ids)
    }
  }

  group = 'keys, for-in, JSON'
  askEach('Object.keys, the first four', function (object) { return Object.keys(object).slice(0, 4) }, { large: 'D14' })
  askObjects('Object.getOwnPropertyNames: how many', function (object) {
    return Object.getOwnPropertyNames(object).length
  }, { large: 'D14' })
  askEach('for-in, the first four', function (object) { return forIn(object).slice(0, 4) })
  askEach('for-in: how many', function (object) { return forIn(object).length })
  askEach('for-in with a property x: how many', function (object) {
    object.x = 1
    return forIn(object).length
  })
  askObjects('JSON.stringify, 15 characters', function (object) {
    return JSON.stringify(object).slice(0, 15)
  }, { large: 'D14' })

  group = 'methods of Array, with length 3'
  askObjects('slice', function (object) { return Array.prototype.slice.call(object) })
  askObjects('join', function (object) { return Array.prototype.join.call(object, '-') })
  askObjects('indexOf', function (object) { return Array.prototype.indexOf.call(object, 2) })
  askObjects('map', function (object) { return Array.prototype.map.call(object, function (x) { return x * 2 }) })
  askObjects('reduce', function (object) {
    return Array.prototype.reduce.call(object, function (a, b) { return a + b })
  })
  askObjects('reverse', function (object) { return list(Array.prototype.reverse.call(object), 3) })
  askObjects('sort', function (object) {
    return list(Array.prototype.sort.call(object, function (a, b) { return b - a }), 3)
  })

  group = 'inheritance'
  askEach('an heir reads, has, does not own', function (object) {
    var heir = Object.create(object)
    return [heir[1], 1 in heir, Object.prototype.hasOwnProperty.call(heir, 1)]
  })
  askEach('an heir’s write, seen by the parent', function (object) {
    var heir = Object.create(object)
    heir[1] = 9
    return object[1]
  })
  askEach('an heir’s write, seen by the heir', function (object) {
    var heir = Object.create(object)
    heir[1] = 300
    return heir[1]
  })
  askEach('an heir’s write past the end, seen by the heir', function (object) {
    var heir = Object.create(object)
    heir[1000] = 300
    return heir[1000]
  }, { bare: 'D35' })
  askEach('an heir’s write to "-1", seen by the heir', function (object) {
    var heir = Object.create(object)
    heir[-1] = 300
    return heir[-1]
  }, { bare: 'D35' })
  askOver('a property 1000', { 1000: 7 }, function (object) { return [object[1000], 1000 in object] }, 'D33')
  askOver('a property "-1"', { '-1': 7 }, function (object) { return [object[-1], -1 in object] }, { bare: 'D33', large: 'D33' })
  askOver('a property "x"', { x: 7 }, function (object) { return [object.x, 'x' in object] })
  askOver('a property 0, before and after dispose', { 0: 7 }, function (object) {
    var before = zeros(object)[0]
    dispose(object)
    return [before, object[0]]
  }, { small: 'D33', large: 'D33' })

  /** Of allocations whose prototype has these properties. */
  function askOver (name, properties, run, ids) {
    var made = {
      'bare': function () { return Object.setPrototypeOf(alloc(3), properties) },
      'small object': function () { return alloc(3, Object.create(properties)) },
      'large object': function () { return alloc(300, Object.create(properties)) }
    }
    Object.keys(made).forEach(function (kind) {
      var id = typeof ids === 'object' ? ids[kind.split(' ')[0]] : ids
      ask(kind + ', whose prototype has ' + name, function () { return run(made[kind]()) }, id)
    })
  }

  askEach('alloc on an heir', function (object) {
    var heir = write(alloc(2, Object.create(object)), [7, 8])
    return [heir[0], heir[1], object[0], object[1]]
  })
  askEach('hasExternalData(heir)', function (object) { return hasExternalData(Object.create(object)) })
  askEach('dispose(heir)', function (object) { return dispose(Object.create(object)) })

  group = 'copyOnto: 8 bytes to 4; sourceStart, destStart, copyLength'
  ;[
    [0, 0, 4], [4, 0, 4], [2, 1, 3], [8, 0, 0], [0, 4, 0], [9, 0, 0], [0, 5, 0], [6, 0, 3], [0, 2, 3], [0, 0, 5],
    [0, 0, 9], [-1, 0, 1], [0, -1, 1], [0, 0, -1], [1.9, 1.9, 1.9]
  ].forEach(askCopy())
  ;[
    [NaN, 0, 1], [0, NaN, 1], [0, 0, NaN], [Infinity, 0, 1], [0, 0, Infinity], [-0.5, 0, 1], [4294967296, 0, 1],
    [0, 4294967296, 1], [0, 0, 4294967297]
  ].forEach(askCopy('D22'))
  ;[
    ['1', 0, 1], [0, '1', 1], [0, 0, '1'], [null, 0, 1], [undefined, 0, 1], [0, undefined, 1], [0, 0, undefined],
    [true, 0, 1], [{}, 0, 1], [[], 0, 1]
  ].forEach(askCopy('D21'))

  function askCopy (id) {
    return function (starts) {
      ask(starts.map(shown).join(', '), function () {
        return copied(eight(), starts[0], alloc(4), starts[1], starts[2])
      }, id)
    }
  }

  function shown (value) {
    return typeof value === 'number' ? String(value) : String(JSON.stringify(value))
  }

  group = 'copyOnto: arguments'
  ask('returns', function () { return copyOnto(eight(), 0, alloc(8), 0, 8) })
  ask('no argument', function () { return copyOnto() })
  ask('source null', function () { return copyOnto(null, 0, alloc(1), 0, 1) })
  ask('source "x"', function () { return copyOnto('x', 0, alloc(1), 0, 1) })
  ask('dest 5', function () { return copyOnto(alloc(1), 0, 5, 0, 1) })
  ask('source {}', function () { return message(function () { copyOnto({}, 0, alloc(1), 0, 1) }) })
  ask('dest {}', function () { return message(function () { copyOnto(alloc(1), 0, {}, 0, 1) }) })
  ask('source [1]', function () { return message(function () { copyOnto([1], 0, alloc(1), 0, 1) }) })
  ask('dest a function', function () { return message(function () { copyOnto(alloc(1), 0, function () {}, 0, 1) }) })
  ask('source an ArrayBuffer', function () {
    return message(function () { copyOnto(new ArrayBuffer(1), 0, alloc(1), 0, 1) })
  })
  ask('source a DataView', function () {
    return message(function () { copyOnto(new DataView(new ArrayBuffer(2)), 0, alloc(2), 0, 2) })
  })
  askEach('source an heir of it', function (object) {
    return message(function () { copyOnto(Object.create(object), 0, alloc(1), 0, 1) })
  })
  ask('too long: the error', function () {
    return message(function () { copyOnto(alloc(1), 0, alloc(1), 0, 2) })
  }, 'D30')
  ask('too long: its code', function () {
    return attempt(function () { copyOnto(alloc(1), 0, alloc(1), 0, 2) }).code
  }, 'D30')
  ask('a start whose valueOf disposes the source', function () {
    var source = eight()
    return copyOnto(source, { valueOf: function () { dispose(source); return 0 } }, alloc(8), 0, 8)
  }, 'D21')

  group = 'copyOnto: overlap and kinds'
  ask('onto itself, forwards', function () {
    var object = eight()
    copyOnto(object, 0, object, 2, 6)
    return elements(object)
  })
  ask('onto itself, backwards', function () {
    var object = eight()
    copyOnto(object, 2, object, 0, 6)
    return elements(object)
  })
  askEach('onto itself, forwards', function (object) {
    copyOnto(object, 0, object, 1, 2)
    return list(object, 3)
  })
  askEach('from it', function (object) { return copied(object, 1, alloc(2), 0, 2) })
  askEach('onto it', function (object) {
    copyOnto(eight(), 5, object, 1, 2)
    return list(object, 3)
  })
  ask('from a Buffer', function () { return copied(buffer('abc'), 0, alloc(3), 0, 3) })
  ask('onto a Buffer', function () { return copied(eight(), 4, buffer('abc'), 1, 1) })
  ask('from a slice of a Buffer', function () { return copied(buffer('abcdef').slice(2, 4), 0, alloc(2), 0, 2) })
  ask('past the end of a slice of a Buffer', function () {
    return copied(buffer('abcdef').slice(2, 4), 0, alloc(3), 0, 3)
  })
  ask('from a subarray', function () {
    return copied(new Uint8Array([1, 2, 3, 4]).subarray(1, 3), 0, alloc(2), 0, 2)
  })
  ask('past the end of a subarray', function () {
    return copied(new Uint8Array([1, 2, 3, 4]).subarray(1, 3), 0, alloc(3), 0, 3)
  })
  ask('from new Uint8Array([1, 2])', function () { return copied(new Uint8Array([1, 2]), 0, alloc(2), 0, 2) })
  ask('from new Uint8Array(2)', function () { return copied(new Uint8Array(2), 0, alloc(2), 0, 2) }, 'D24')
  ask('onto new Uint8Array(2)', function () { return copied(eight(), 0, new Uint8Array(2), 0, 2) }, 'D24')

  group = 'copyOnto: types'
  function askTypes (name, source, starts, dest, id) {
    ask(name, function () { return copied(source(), starts[0], dest(), starts[1], starts[2]) }, id)
  }
  function allocOf (length, type) {
    return function () { return alloc(length, type) }
  }
  function uint32s () { return of(Types.Uint32, [1, 2, 3]) }
  askTypes('Uint32 to Uint32, all', uint32s, [0, 0, 3], allocOf(3, Types.Uint32))
  askTypes('Uint32 to Uint32, sourceStart 1', uint32s, [1, 0, 2], allocOf(3, Types.Uint32), 'D23')
  askTypes('Uint32 to Uint32, destStart 1', uint32s, [0, 1, 2], allocOf(3, Types.Uint32), 'D23')
  askTypes('Uint32 to Uint8', uint32s, [0, 0, 2], allocOf(9), undefined)
  askTypes('Uint32 to Uint8, sourceStart 1', uint32s, [1, 0, 1], allocOf(4), 'D23')
  askTypes('Uint32 to Uint8, destStart 1', uint32s, [0, 1, 1], allocOf(6), undefined)
  askTypes('Uint8 to Uint32', eight, [0, 0, 4], allocOf(2, Types.Uint32))
  askTypes('Uint8 to Uint32, sourceStart 1', eight, [1, 0, 4], allocOf(2, Types.Uint32))
  askTypes('Uint8 to Uint32, destStart 1', eight, [0, 1, 4], allocOf(2, Types.Uint32), 'D23')
  askTypes('Uint8 to Uint16, 3 bytes', eight, [0, 0, 3], allocOf(2, Types.Uint16))
  askTypes('Uint8 to Uint32, 8 bytes onto 4', eight, [0, 0, 8], allocOf(1, Types.Uint32))
  askTypes('Double to Uint8, 8 bytes onto 7', allocOf(1, Types.Double), [0, 0, 1], allocOf(7))
  askTypes('Float to Int32', function () { return of(Types.Float, [1, -2]) }, [0, 0, 2], allocOf(2, Types.Int32))
  askTypes('Double to Double', function () { return of(Types.Double, [0.1, 0.2]) }, [0, 0, 2], allocOf(2, Types.Double))
  askTypes('Int8 to Uint8Clamped', function () { return of(Types.Int8, [-1, 1]) }, [0, 0, 2], allocOf(2, 9))

  group = 'dispose'
  askEach('returns', function (object) { return dispose(object) })
  askEach('keys, 0 in it, [0]', function (object) {
    dispose(object)
    return [Object.keys(object).length, 0 in object, object[0]]
  })
  askEach('for-in', function (object) {
    dispose(object)
    return forIn(object)
  })
  askEach('JSON.stringify', function (object) {
    dispose(object)
    return JSON.stringify(object)
  })
  askEach('twice', function (object) {
    dispose(object)
    return dispose(object)
  })
  askEach('[0] = 5 afterwards', function (object) {
    dispose(object)
    attempt(function () { object[0] = 5 })
    return object[0]
  }, { small: 'D26', large: 'D26' })
  askEach('hasExternalData afterwards', function (object) {
    dispose(object)
    return hasExternalData(object)
  }, 'D27')
  askEach('alloc again: how many elements', function (object) {
    dispose(object)
    return count(alloc(4, object))
  }, { small: 'D28', large: 'D28' })
  askEach('copyOnto from it: message', function (object) {
    dispose(object)
    return message(function () { copyOnto(object, 0, alloc(3), 0, 3) })
  }, 'D25')
  askEach('copyOnto onto it: message', function (object) {
    dispose(object)
    return message(function () { copyOnto(alloc(3), 0, object, 0, 3) })
  }, 'D25')
  askEach('copyOnto from it, 0 elements', function (object) {
    dispose(object)
    return message(function () { copyOnto(object, 0, alloc(3), 0, 0) })
  }, 'D25')
  askEach('other properties stay', function (object) {
    object.x = 1
    dispose(object)
    return object.x
  })
  ask('{}: message', function () { return message(function () { dispose({}) }) })
  ask('[]: message', function () { return message(function () { dispose([]) }) })
  ask('a function: message', function () { return message(function () { dispose(function () {}) }) })
  ask('a Buffer', function () { return dispose(buffer('ab')) })
  ask('a typed array', function () { return dispose(new Uint8Array(2)) })
  ask('a DataView', function () { return dispose(new DataView(new ArrayBuffer(2))) }, 'D29')
  ask('an ArrayBuffer: message', function () { return message(function () { dispose(new ArrayBuffer(2)) }) })
  ask('nothing', function () { return dispose() })
  ask('null', function () { return dispose(null) })
  ask('5', function () { return dispose(5) })
  ask('alloc(0)', function () { return dispose(alloc(0)) })
  ask('of each type', function () {
    return originalTypes.map(function (type) { return dispose(alloc(5, Types[type])) })
  })

  group = 'hasExternalData'
  askEach('of it', function (object) { return hasExternalData(object) })
  ;[
    ['{}', {}], ['null', null], ['undefined', undefined], ['5', 5], ['"x"', 'x'], ['[]', []],
    ['a function', function () {}], ['alloc(0)', alloc(0)], ['alloc(0, {})', alloc(0, {})], ['a Buffer', buffer('ab')],
    ['an empty Buffer', buffer('')], ['new Uint8Array(2)', new Uint8Array(2), 'D24'],
    ['new Uint8Array([1])', new Uint8Array([1])], ['new Uint8Array(0)', new Uint8Array(0), 'D24'],
    ['new Float64Array(2)', new Float64Array(2), 'D24'], ['a DataView', new DataView(new ArrayBuffer(2))],
    ['new ArrayBuffer(2)', new ArrayBuffer(2)], ['true', true]
  ].forEach(function (entry) {
    ask(entry[0], function () { return hasExternalData(entry[1]) }, entry[2])
  })
  ask('no argument', function () { return hasExternalData() })

  group = 'util.inspect'
  ask('alloc(3)', function () { return inspect(zeros(alloc(3))) })
  ask('alloc(3, {})', function () { return inspect(zeros(alloc(3, {}))) })
  ask('alloc(2, { x: 1 })', function () { return inspect(zeros(alloc(2, { x: 1 }))) })
  ask('alloc(2, { x: { y: 1 } })', function () { return inspect(zeros(alloc(2, { x: { y: 1 } }))) })
  ask('alloc(2, Types.Double)', function () { return inspect(of(Types.Double, [0.5, -1])) })
  ask('alloc(0)', function () { return inspect(alloc(0)) })
  ask('alloc(0, {})', function () { return inspect(alloc(0, {})) })
  ask('disposed alloc(3)', function () {
    var object = alloc(3)
    dispose(object)
    return inspect(object)
  })
  ask('disposed alloc(3, {})', function () {
    var object = alloc(3, {})
    dispose(object)
    return inspect(object)
  })
  ask('a named function', function () { return inspect(zeros(alloc(3, function allocMe () {}))) }, 'D31')
  ask('a nameless function', function () { return inspect(zeros(alloc(3, function () {}))) }, 'D31')
  ask('an instance of a constructor', function () {
    function Thing () { zeros(alloc(2, this)) }
    return inspect(new Thing())
  }, 'D31')
  ask('a Date', function () { return inspect(zeros(alloc(2, new Date(0)))) }, 'D31')
  ask('inside an object', function () { return inspect({ a: zeros(alloc(2, {})) }) })
  ask('inside an array', function () { return inspect([zeros(alloc(2))]) })
  ask('deeper than depth', function () { return inspect({ a: { b: { c: zeros(alloc(2)) } } }) })
  ask('a circle', function () {
    var object = zeros(alloc(2, {}))
    object.self = object
    return inspect(object)
  }, 'D31')
  ask('its own inspect method', function () {
    return inspect(alloc(2, { inspect: function () { return 'mine' } }))
  }, 'D31')
  ask('1000 elements: ends with', function () { return inspect(zeros(alloc(1000))).slice(-22) }, 'D32')
  ask('1000 elements of a receiver: ends with', function () {
    return inspect(zeros(alloc(1000, {}))).slice(-22)
  }, 'D32')

  return probes
}
