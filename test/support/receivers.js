'use strict'

// Receivers of every kind. Each entry makes one and says what must be true of it, whether it has elements or not.

const assert = require('node:assert/strict')
const { types } = require('node:util')
const vm = require('node:vm')
const { alloc } = require('../..')

/** Allocates `this` in its constructor, among private fields; `length` is how many elements. */
class Matrix {
  #rows = 1
  columns = 2

  constructor (length) {
    alloc(length, this)
  }

  get rows () {
    return this.#rows
  }

  set rows (value) {
    this.#rows = value
  }

  area () {
    return this.#rows * this.columns
  }
}

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
    make: () => ({ a: 1, get b () { return this.a + 1 } }),
    check (object) {
      object.a = 5
      assert.deepEqual([object.a, object.b, object.constructor], [5, 6, Object])
      assert.equal(`${object}`, '[object Object]')
      object.a = 1
    }
  },

  'an object without a prototype': {
    make: () => Object.assign(Object.create(null), { a: 1 }),
    check (object) {
      assert.equal(object.a, 1)
      for (const key of ['toString', 'constructor', '__proto__']) assert.equal(key in object, false)
      object.b = 2
      assert.equal(object.b, 2)
      delete object.b
    }
  },

  'an instance of a class that inherits': {
    make: () => new Derived(),
    check (object) {
      assert(object instanceof Derived && object instanceof Base)
      assert.equal(object.constructor, Derived)
      assert.equal(object.hello(), 'hello again')
    }
  },

  'a function': {
    make: () => function add (a, b) { return typeof this === 'string' ? [this, a, b] : a + b },
    check (f) {
      assert.equal(typeof f, 'function')
      assert.equal(f(1, 2), 3)
      assert.deepEqual(f.call('this', 1, 2), ['this', 1, 2])
      assert.equal(f.bind(undefined, 1)(5), 6)
      assert.equal(f.apply(undefined, [2, 2]), 4)
      assert.equal(new f().constructor, f)
      assert.deepEqual([f.name, f.length], ['add', 2])
      assert(f instanceof Function)
      assert.match(String(f), /^function add/)
    }
  },

  'an arrow function': {
    make: () => (a) => a * 2,
    check (f) {
      assert.equal(f(4), 8)
      assert.deepEqual([1, 2].map(f), [2, 4])
      assert.throws(() => new f(), TypeError)
    }
  },

  'an async function': {
    make: () => async (a) => a,
    check (f) {
      assert(f(1) instanceof Promise)
    }
  },

  'a generator function': {
    make: () => function * () { yield 1 },
    check (f) {
      assert.deepEqual([...f()], [1])
    }
  },

  'a bound function': {
    make: () => ((a, b) => a - b).bind(null, 10),
    check (f) {
      assert.equal(f(3), 7)
    }
  },

  'a native function': {
    make: () => vm.runInNewContext('Math.max'),
    check (f) {
      assert.equal(f(3, 7), 7)
    }
  },

  'a class': {
    make: () => class Shape {
      static #made = 0
      static made () { return Shape.#made }
      constructor () { Shape.#made++ }
      area () { return 2 }
    },
    check (Class) {
      const before = Class.made()
      const shape = new Class()
      assert(shape instanceof Class)
      assert.equal(Class.made(), before + 1)
      assert.throws(() => Class(), TypeError)
      assert.equal(new (class extends Class {})().area(), 2)
    }
  },

  'a Date': {
    make: () => new Date(86400000),
    check (date) {
      assert.equal(date.getTime(), 86400000)
      assert.equal(date.toISOString(), '1970-01-02T00:00:00.000Z')
      assert.equal(date - new Date(0), 86400000)
      assert.equal(JSON.stringify({ date }), '{"date":"1970-01-02T00:00:00.000Z"}')
      assert(date instanceof Date)
    }
  },

  'a Map': {
    make: () => new Map([['a', 1]]),
    check (map) {
      map.set('b', 2)
      assert.deepEqual([...map], [['a', 1], ['b', 2]])
      assert.equal(map.size, 2)
      assert(map.delete('b') && map.has('a') && !map.has('b'))
      assert(map instanceof Map)
    }
  },

  'a Set': {
    make: () => new Set([1]),
    check (set) {
      assert.deepEqual([...set.add(2)], [1, 2])
      assert(set.delete(2))
      assert.equal(set.size, 1)
    }
  },

  'a WeakMap': {
    make: () => new WeakMap([[receivers, 1]]),
    check (map) {
      assert.equal(map.get(receivers), 1)
    }
  },

  'a RegExp': {
    make: () => /b(.)/g,
    check (regexp) {
      assert.equal('abcabd'.replace(regexp, '<$1>'), 'a<c>a<d>')
      regexp.lastIndex = 0
      assert.equal(regexp.exec('abc')[1], 'c')
      assert(regexp.test('xxxbx'))
      regexp.lastIndex = 0
      assert.deepEqual('abc'.split(regexp), ['a', 'c', ''])
      assert.deepEqual([regexp.flags, regexp.source, String(regexp)], ['g', 'b(.)', '/b(.)/g'])
    }
  },

  'a Promise': {
    make: () => Promise.resolve(1),
    check (promise) {
      assert(promise.then(() => {}) instanceof Promise)
      assert(promise.finally(() => {}) instanceof Promise)
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
      assert.equal(args.length, 3)
      assert(types.isArgumentsObject(args))
      assert.equal([...args].length, 3)
      assert.throws(() => args.callee, TypeError)
    }
  },

  'sloppy arguments': {
    make: () => sloppyArguments(7, 8).arguments,
    check (args) {
      assert.equal(args.length, 2)
      assert.equal(args.callee, sloppyArguments)
      assert.equal(Array.prototype.slice.call(args).length, 2)
    }
  },

  'an Error': {
    make: () => new RangeError('too far', { cause: 'cause' }),
    check (error) {
      assert(error instanceof RangeError)
      assert.equal(String(error), 'RangeError: too far')
      assert.equal(error.cause, 'cause')
      assert.match(error.stack, /^RangeError: too far\n/)
    }
  },

  'a Proxy of a plain object': {
    make: () => new Proxy({ a: 1 }, {}),
    check (proxy) {
      proxy.a = 2
      assert.equal(proxy.a, 2)
      proxy.a = 1
      assert.deepEqual(Object.getOwnPropertyDescriptor(proxy, 'a').value, 1)
    }
  },

  'a Proxy with traps that forward': {
    make: () => new Proxy({ a: 1 }, Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((name) => [name, Reflect[name]]))),
    check (proxy) {
      assert.equal(proxy.a, 1)
      assert('a' in proxy && !('b' in proxy))
    }
  },

  'a Proxy of a function': {
    make: () => new Proxy((a) => a + 1, {}),
    check (f) {
      assert.equal(f(1), 2)
    }
  },

  'an object from another context': {
    make: () => vm.runInNewContext('({ a: 1, f () { return this.a } })'),
    check (object) {
      assert.equal(object.f(), 1)
      assert.equal(object instanceof Object, false)
    }
  },

  'a Map from another context': {
    make: () => vm.runInNewContext('new Map([[1, 2]])'),
    check (map) {
      assert.equal(map.get(1), 2)
      assert.equal(map.size, 1)
    }
  },

  'a boxed number': {
    make: () => Object(5),
    check (number) {
      assert.equal(number + 1, 6)
      assert.equal(number.toFixed(1), '5.0')
    }
  },

  'a boxed boolean': {
    make: () => Object(false),
    check: (boolean) => assert.equal(boolean.valueOf(), false)
  },

  'a boxed symbol': {
    make: () => Object(Symbol.iterator),
    check: (symbol) => assert.equal([][symbol], [][Symbol.iterator])
  },

  'a boxed BigInt': {
    make: () => Object(5n),
    check: (big) => assert.equal(big + 1n, 6n)
  },

  'an empty String object': {
    make: () => Object(''),
    check (string) {
      assert.equal(string + 'x', 'x')
      assert.equal(string.length, 0)
    }
  },

  'an ArrayBuffer': {
    make: () => new ArrayBuffer(8),
    check (buffer) {
      assert.equal(buffer.byteLength, 8)
      assert.equal(new Uint8Array(buffer).length, 8)
    }
  },

  'an object that inherits from an Array': {
    make: () => Object.create([1, 2]),
    check (object) {
      assert.equal(object.length, 2)
      assert(object instanceof Array)
    }
  },

  'an object with accessors and a symbol': {
    make: () => {
      let value = 1
      return { get v () { return value }, set v (to) { value = to }, [Symbol.toPrimitive]: () => 42 }
    },
    check (object) {
      object.v = 7
      assert.equal(object.v, 7)
      assert.equal(+object, 42)
    }
  }
}

module.exports = { receivers, Matrix, sloppyArguments }
