'use strict'

// The objects that sequences make.

class Thing {
  #secret = 1
  secret () { return this.#secret }
}

/** Objects that can be receivers. */
const plain = {
  object: () => ({}),
  'object with keys': () => ({ 0: 'zero', 5: 'five', 70: 'seventy', 4294967295: 'long', x: 'x', '01': 'one', '-1': 'minus' }),
  'object without prototype': () => Object.create(null),
  instance: () => new Thing(),
  function: () => function triple (x) { return x * 3 },
  arrow: () => (x) => x * 3,
  class: () => class { constructor () { this.made = true } },
  'derived class': () => class extends (class { constructor () { this.made = true } }) {},
  Map: () => new Map([[1, 2]]),
  Date: () => new Date(5),
  Proxy: () => new Proxy({}, {})
}

/** The classes that make objects of smalloc's, from a class External of one type. */
const classes = {
  External: (External) => External,
  subclass: (External) => class extends External { #secret = 1; secret () { return this.#secret } },
  legacy (External) {
    function Legacy (length) {
      return Reflect.construct(External, [length], Legacy)
    }
    Object.setPrototypeOf(Legacy.prototype, External.prototype)
    return Legacy
  }
}

/** What cannot be a receiver. A trap of the Proxies refuses, or throws, when the memory is there already: it must come back. */
const refusing = {
  null: () => null,
  number: () => 5,
  string: () => 'x',
  symbol: () => Symbol('receiver'),
  array: () => [],
  'boxed string': () => Object('ab'),
  'Proxy that refuses': () => new Proxy({}, { setPrototypeOf: () => false, defineProperty: () => false }),
  'Proxy that throws': () => new Proxy({}, { setPrototypeOf: refuse, defineProperty: refuse })
}

function refuse () {
  throw new EvalError('a trap')
}

/** What an object of the kind must still do when it has elements, and after it has lost them. */
const behaviours = {
  subclass: (object) => object.secret === undefined || object.secret() === 1,
  instance: (object) => object.secret === undefined || object.secret() === 1,
  function: (f) => f(14) === 42,
  arrow: (f) => f(14) === 42,
  class: (C) => new C().made,
  'derived class': (C) => Object.getPrototypeOf(C) === Function.prototype || new C().made,
  Map: (map) => Map.prototype.get.call(map, 1) === 2,
  Date: (date) => Date.prototype.getTime.call(date) === 5
}

/** Objects with elements that are not smalloc's, by name: [type of the elements, function that makes the object]. */
const foreign = {
  Buffer: ['Uint8', (length) => Buffer.from(Array(length).fill(0))],
  Uint8: ['Uint8', (length) => new Uint8Array(length)],
  Int16: ['Int16', (length) => new Int16Array(new ArrayBuffer(2 * length + 20), 4, length)],
  Double: ['Double', (length) => new Float64Array(new ArrayBuffer(8 * length + 8), 8, length)],
  Uint8Clamped: ['Uint8Clamped', (length) => new Uint8ClampedArray(new ArrayBuffer(length + 3), 3, length)],
  BigInt64: ['BigInt64', (length) => new BigInt64Array(length)],
  BigUint64: ['BigUint64', (length) => new BigUint64Array(new ArrayBuffer(8 * length + 16), 8, length)],
  shared: ['Uint8', (length) => new Uint8Array(new SharedArrayBuffer(length))],
  DataView: [undefined, (length) => new DataView(new ArrayBuffer(length))]
}

module.exports = { plain, classes, refusing, behaviours, foreign }
