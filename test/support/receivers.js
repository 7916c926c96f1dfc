'use strict'

// Receivers of every kind. `make` makes one; `check` asserts what must be true of it, whether it has elements or not. Those of
// another context are in test/robustness/realms.test.js.

const assert = require('node:assert/strict')
const { types } = require('node:util')

class Base {
  hello () {
    return 'hello'
  }
}

class Derived extends Base {
  hello () {
    return `${super.hello()} again`
  }
}

function strictArguments () {
  return arguments
}

const sloppyArguments = new Function('a', 'b', 'return { arguments, a: () => a }')

const receivers = {
  'a plain object': {
    make: () => ({ a: 1, get b () { return this.a + 1 }, set b (value) { this.a = value }, [Symbol.toPrimitive]: () => 42 }),
    check (object) {
      object.b = 5
      assert.deepEqual([object.a, object.b, object.constructor, +object], [5, 6, Object, 42])
      object.a = 1
    }
  },

  'an object without a prototype': {
    make: () => Object.assign(Object.create(null), { a: 1 }),
    check (object) {
      for (const key of ['toString', 'constructor', '__proto__']) assert.equal(key in object, false)
      object.b = 2
      assert.deepEqual([object.a, object.b], [1, 2])
      delete object.b
    }
  },

  'an instance of a class that inherits': {
    make: () => new Derived(),
    check: (object) => assert.deepEqual([object instanceof Base, object.constructor, object.hello()], [true, Derived, 'hello again'])
  },

  'a function': {
    make: () => function add (a, b) { return typeof this === 'string' ? [this, a, b] : a + b },
    check (f) {
      assert.equal(typeof f, 'function')
      assert.deepEqual([f(1, 2), f.bind(undefined, 1)(5), f.apply(undefined, [2, 2])], [3, 6, 4])
      assert.deepEqual(f.call('this', 1, 2), ['this', 1, 2])
      assert.equal(new f().constructor, f)
      assert.deepEqual([f.name, f.length], ['add', 2])
      assert.match(String(f), /^function add/)
    }
  },

  'an arrow function': {
    make: () => (a) => a * 2,
    check (f) {
      assert.deepEqual([1, 2].map(f), [2, 4])
      assert.throws(() => new f(), TypeError)
    }
  },

  'a generator function': { make: () => function * () { yield 1 }, check: (f) => assert.deepEqual([...f()], [1]) },

  'a bound function': { make: () => ((a, b) => a - b).bind(null, 10), check: (f) => assert.equal(f(3), 7) },

  'a class': {
    make: () => class Shape {
      static #made = 0
      static made () { return Shape.#made }
      constructor () { Shape.#made++ }
      area () { return 2 }
    },
    check (Class) {
      const before = Class.made()
      assert(new Class() instanceof Class)
      assert.equal(Class.made(), before + 1)
      assert.throws(() => Class(), TypeError)
      assert.equal(new (class extends Class {})().area(), 2)
    }
  },

  'a class that extends another': {
    make: () => class extends (class { constructor (a) { this.a = a } }) { constructor () { super(5) } },
    check (Class) {
      class Heir extends Class {}
      assert.deepEqual([new Class().a, new Heir().a, new Heir() instanceof Class], [5, 5, true])
    }
  },

  'a Date': {
    make: () => new Date(86400000),
    check (date) {
      assert.equal(date - new Date(0), 86400000)
      assert.equal(JSON.stringify({ date }), '{"date":"1970-01-02T00:00:00.000Z"}')
    }
  },

  'a Map': {
    make: () => new Map([['a', 1]]),
    check (map) {
      map.set('b', 2)
      assert.deepEqual([...map], [['a', 1], ['b', 2]])
      assert(map.delete('b') && map.has('a') && !map.has('b'))
      assert.equal(map.size, 1)
    }
  },

  'a RegExp': {
    make: () => /b(.)/,
    check (regexp) {
      assert.equal('abcabd'.replace(regexp, '<$1>'), 'a<c>abd')
      assert.deepEqual('abc'.split(regexp), ['a', 'c', ''])
      assert.deepEqual([regexp.flags, String(regexp)], ['', '/b(.)/'])
    }
  },

  'a generator': {
    make: () => (function * () { for (;;) yield 1 })(),
    check (generator) {
      assert.deepEqual(generator.next(), { value: 1, done: false })
      assert.equal(generator[Symbol.iterator](), generator)
    }
  },

  'strict arguments': {
    make: () => strictArguments(7, 8, 9),
    check (args) {
      assert(types.isArgumentsObject(args))
      assert.deepEqual([args.length, [...args].length], [3, 3])
      assert.throws(() => args.callee, TypeError)
    }
  },

  'sloppy arguments': {
    make: () => sloppyArguments(7, 8).arguments,
    check: (args) => assert.deepEqual([args.length, args.callee], [2, sloppyArguments])
  },

  'an Error': {
    make: () => new RangeError('too far', { cause: 'cause' }),
    check (error) {
      assert(error instanceof RangeError)
      assert.deepEqual([String(error), error.cause], ['RangeError: too far', 'cause'])
      assert.match(error.stack, /^RangeError: too far\n/)
    }
  },

  'a Proxy of a plain object': {
    make: () => new Proxy({ a: 1 }, {}),
    check (proxy) {
      proxy.a = 2
      assert.equal(proxy.a, 2)
      proxy.a = 1
      assert.equal(Object.getOwnPropertyDescriptor(proxy, 'a').value, 1)
    }
  },

  'a Proxy of a function': { make: () => new Proxy((a) => a + 1, {}), check: (f) => assert.equal(f(1), 2) },

  'a boxed number': { make: () => Object(5), check: (number) => assert.deepEqual([number + 1, number.toFixed(1)], [6, '5.0']) },

  'an empty String object': { make: () => Object(''), check: (string) => assert.deepEqual([string + 'x', string.length], ['x', 0]) },

  'an ArrayBuffer': {
    make: () => new ArrayBuffer(8),
    check: (buffer) => assert.deepEqual([buffer.byteLength, new Uint8Array(buffer).length], [8, 8])
  },

  'an object that inherits from an Array': {
    make: () => Object.create([1, 2]),
    check: (object) => assert.deepEqual([object.length, object instanceof Array], [2, true])
  }
}

module.exports = { receivers, sloppyArguments }
