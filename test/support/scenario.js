'use strict'

// What a program does with this package, from alloc to dispose, for tests that replace builtins. It calls no builtin itself,
// only syntax, so a wrong answer comes from the package.

const { ownKeys, getPrototypeOf, getOwnPropertyDescriptor } = Reflect
const { TypeError, RangeError, Error, Uint8Array, Object } = globalThis
const { prototype: objectPrototype } = Object
const { prototype: functionPrototype } = Function

/** In elements: what a receiver holds as own properties, what it holds in a layer, and what Rust lends. */
const LENGTHS = [3, 100, 140 << 10]

/** Returns a function that goes through all of it and returns what was wrong, a line each; '' where nothing was. */
function scenarioOf (smalloc) {
  const {
    adopt, alloc, allocUnsafe, copyOnto, dispose, disposeBuffer, External, hasExternalData, kMaxLength, memoryUsage, release,
    sliceOnto, Types, view
  } = smalloc
  class Samples extends External.Int16 {
    constructor (length) { // on Node 20, a default constructor iterates an Array
      super(length)
    }
  }
  const pool = new Uint8Array(64)
  const window = new Uint8Array(pool.buffer, 8, 16)
  let wrong

  function is (actual, expected, what) {
    if (actual !== expected && (actual === actual || expected === expected)) {
      wrong += `${what}: ${typeof actual === 'number' || typeof actual === 'string' ? actual : typeof actual}\n`
    }
  }

  function part (name, run) {
    try {
      run()
    } catch (error) {
      let text = typeof error
      try {
        text = error.stack
      } catch (another) {
        text += ', of which nothing can be read'
      }
      wrong += `${name} threw ${text}\n`
    }
  }

  function refuses (run, ErrorClass, code, what) {
    let error
    try {
      run()
    } catch (thrown) {
      error = thrown
    }
    if (error === undefined) return is('nothing thrown', code, what)
    is(getPrototypeOf(error), ErrorClass.prototype, `${what}, its class: ${error.message}`)
    is(getOwnPropertyDescriptor(error, 'code')?.value, code, `${what}, its code: ${error.message}`)
  }

  function keysOf (object) {
    let keys = ''
    const own = ownKeys(object)
    for (let i = 0; i < own.length; i++) {
      if (typeof own[i] === 'string') keys += (keys === '' ? '' : ',') + own[i]
      else keys += '@'
    }
    return keys
  }

  function elements (make, length, max, what) {
    const object = make(length)
    is(hasExternalData(object), true, `${what}: hasExternalData`)
    for (let i = 0; i < 3; i++) is(object[i], 0, `${what}: fresh element`)
    object[0] = max
    object[1] = max + 1
    object[2] = 3.7
    is(object[0], max, `${what}: largest`)
    is(object[1], max === 255 ? 0 : -max - 1, `${what}: wraps`)
    is(object[2], 3, `${what}: truncates`)
    is(object[length - 1], length === 3 ? 3 : 0, `${what}: last`)
    is(object[length], undefined, `${what}: past the end`)
    const heir = { __proto__: object }
    heir[0] = 'own'
    is(heir[0], 'own', `${what}: heir`)
    is(object[0], max, `${what}: heir wrote`)
    is(heir[1], object[1], `${what}: heir reads`)
    const seen = view(object)
    is(seen[0], max, `${what}: view`)
    dispose(object)
    is(seen[0], undefined, `${what}: view of the disposed`)
    is(hasExternalData(object), false, `${what}: hasExternalData, disposed`)
    is(object[0], undefined, `${what}: element, disposed`)
    dispose(object)
  }

  function receivers (length) {
    const object = { a: 1, 1: 'gives way', 5: 'too' }
    is(alloc(length, object), object, 'receiver')
    is(getPrototypeOf(object) === objectPrototype, length <= 64, 'layer')
    object.b = 2
    object[2] = 300
    is(object[2], 44, 'element of a receiver')
    is(object[1], 0, 'element that took the place of a property')
    refuses(() => alloc(3, object), TypeError, 'ERR_INVALID_ARG_VALUE', 'alloc twice')
    dispose(object)
    is(keysOf(object), 'a,b', 'keys after dispose')
    is(getPrototypeOf(object), objectPrototype, 'prototype after dispose')
    function add (a, b) { return a + b }
    alloc(length, add, Types.Int16)
    is(add(1, 2), 3, 'a function is called')
    dispose(add)
    is(getPrototypeOf(add), functionPrototype, 'prototype of a function after dispose')
    class Base { m () { return 'm' } }
    class Derived extends Base { constructor () { super() } } // see Samples
    alloc(length, Derived)
    is(new Derived().m(), 'm', 'a derived class')
    dispose(Derived)
    is(getPrototypeOf(Derived), Base, 'prototype of a class after dispose')
    const fixed = { 0: 'a' }
    definePermanent(fixed)
    refuses(() => alloc(length, fixed), TypeError, 'ERR_INVALID_ARG_VALUE', 'a fixed property')
    is(keysOf(fixed), '0,1', 'keys after an alloc that failed')
    is(fixed[0], 'a', 'value after an alloc that failed')
  }
  const { defineProperty } = Reflect
  const definePermanent = (object) => { defineProperty(object, 1, { __proto__: null, value: 'b' }) }

  function loops () {
    const child = alloc(100, { __proto__: { inherited: 'inherited' } })
    let names = ''
    for (const key in child) if (child[key] !== 0) names += key
    is(names, 'inherited', 'for-in')
    dispose(child)
  }

  function bigInts () {
    for (let round = 0; round < 3; round++) {
      const object = alloc(100, round === 2 ? Types.BigInt64 : Types.BigUint64)
      is(object[99], 0n, 'a BigInt')
      object[99] = 7n
      is(view(object)[99], 7n, 'view of a BigInt')
      dispose(object)
    }
  }

  function halfFloats () {
    if (!('Float16' in Types)) return
    const object = alloc(100, {}, Types.Float16)
    object[99] = 1.5
    is(object[99], 1.5, 'a Float16')
    is(view(object, Types.Uint16)[99], 0x3e00, 'the bits of a Float16')
    dispose(object)
  }

  function moves (length) {
    const source = alloc(length)
    const slice = sliceOnto(source, {}, 0, 2)
    source[1] = 7
    const memory = release(source)
    is(hasExternalData(source), false, 'what was released')
    is(keysOf(slice), '', 'keys of a slice of what was released')
    refuses(() => release(source), Error, 'ERR_NO_EXTERNAL_DATA', 'release twice')
    const receiver = { a: 1 }
    is(adopt(memory, receiver), receiver, 'adopt')
    is(receiver[1], 7, 'element that was adopted')
    refuses(() => adopt(memory), TypeError, 'ERR_INVALID_ARG_VALUE', 'adopt of detached memory')
    refuses(() => disposeBuffer(view(receiver)), TypeError, 'ERR_INVALID_ARG_VALUE', 'disposeBuffer of an allocation')
    const again = adopt(release(receiver), Types.Int8)
    is(again[1], 7, 'element that was adopted again')
    is(keysOf(receiver), 'a', 'keys of what was released')
    dispose(again)
    is(again[1], undefined, 'element that was adopted, disposed')
  }

  function buffers () {
    const buffer = new Uint8Array(1000)
    const slice = sliceOnto(buffer, {}, 0, 2)
    disposeBuffer(buffer)
    is(buffer[0], undefined, 'element after disposeBuffer')
    is(keysOf(slice), '', 'keys of a slice after disposeBuffer')
    disposeBuffer(buffer)
    refuses(() => disposeBuffer(window), TypeError, 'ERR_INVALID_ARG_VALUE', 'disposeBuffer of a part')
    refuses(() => disposeBuffer({}), TypeError, 'ERR_INVALID_ARG_TYPE', 'disposeBuffer of an object')
  }

  function copies () {
    const bytes = alloc(40)
    const words = alloc(20, {}, Types.Int16)
    for (let i = 0; i < 40; i++) bytes[i] = i
    copyOnto(bytes, 0, words, 0, 40)
    is(words[1], 2 + 3 * 256, 'copy across types')
    is(view(words, Types.Uint8)[3], 3, 'view as a type')
    const other = alloc(40)
    copyOnto(bytes, 3, other, 1, 8)
    is(other[8], 10, 'copy of few')
    copyOnto(bytes, 0, other, 0, 40)
    is(other[39], 39, 'copy of all')
    copyOnto(bytes, 2, other, 0, 30)
    is(other[29], 31, 'copy of a part')
    for (let i = 0; i < 64; i++) pool[i] = 99
    copyOnto(bytes, 0, window, 0, 16)
    is(window[15], 15, 'copy to a window')
    refuses(() => copyOnto(bytes, 0, window, 0, 17), RangeError, 'ERR_OUT_OF_RANGE', 'copy of too much')
    refuses(() => copyOnto(words, 0, window, 0, 9), RangeError, 'ERR_OUT_OF_RANGE', 'copy of too many words')
    refuses(() => copyOnto(bytes, 0, window, 10, 7), RangeError, 'ERR_OUT_OF_RANGE', 'copy too far')
    refuses(() => copyOnto(bytes, 0, window, 1e9, 1), RangeError, 'ERR_OUT_OF_RANGE', 'copy far out')
    refuses(() => copyOnto(window, 10, bytes, 0, 7), RangeError, 'ERR_OUT_OF_RANGE', 'copy from beyond')
    for (let i = 0; i < 64; i++) if (i < 8 || i >= 24) is(pool[i], 99, 'a byte beside the window')
    dispose(bytes)
    refuses(() => copyOnto(bytes, 0, window, 0, 1), Error, 'ERR_NO_EXTERNAL_DATA', 'copy from the disposed')
    dispose(words)
    dispose(other)
  }

  function slices (length) {
    const source = alloc(length + 4)
    const small = { a: 1 }
    const all = () => {}
    const unused = {}
    is(sliceOnto(source, small, 1, 3), small, 'sliceOnto')
    sliceOnto(source, all)
    sliceOnto(source, unused)
    source[1] = 7
    is(small[0], 7, 'slice')
    is(all[1], 7, 'slice of all')
    dispose(unused)
    is(source[1], 7, 'source of a disposed slice')
    refuses(() => sliceOnto(source, {}, 2, 1), RangeError, 'ERR_OUT_OF_RANGE', 'slice backwards')
    for (let i = 0; i < 20; i++) sliceOnto(source, {}, 0, 1)
    dispose(source)
    is(hasExternalData(small), false, 'slice of the disposed')
    is(keysOf(small), 'a', 'keys of a slice of the disposed')
    is(getPrototypeOf(all), functionPrototype, 'prototype of a slice of the disposed')
    const empty = alloc(0, {})
    is(hasExternalData(empty), true, 'no elements')
    dispose(empty)
    is(hasExternalData(empty), false, 'no elements, disposed')
  }

  function errors () {
    refuses(() => alloc('3'), TypeError, 'ERR_INVALID_ARG_TYPE', "alloc('3')")
    refuses(() => alloc(-1), RangeError, 'ERR_OUT_OF_RANGE', 'alloc(-1)')
    refuses(() => alloc(2 ** 52), RangeError, kMaxLength < 2 ** 52 ? 'ERR_OUT_OF_RANGE' : 'ERR_MEMORY_ALLOCATION_FAILED', 'alloc(2 ** 52)')
    refuses(() => new External(kMaxLength + 1), RangeError, 'ERR_OUT_OF_RANGE', 'new External(kMaxLength + 1)')
    refuses(() => alloc(3, []), TypeError, 'ERR_INVALID_ARG_VALUE', 'alloc on an Array')
    refuses(() => alloc(3, window), TypeError, 'ERR_INVALID_ARG_VALUE', 'alloc on a typed array')
    refuses(() => alloc(3, {}, 13), TypeError, 'ERR_INVALID_ARG_VALUE', 'type 13')
    refuses(() => Types.Flaot, TypeError, 'ERR_INVALID_ARG_VALUE', 'a name that is no type')
    refuses(() => alloc(3, {}, 1.5), TypeError, 'ERR_INVALID_ARG_VALUE', 'type 1.5')
    refuses(() => alloc(3, null), TypeError, 'ERR_INVALID_ARG_TYPE', 'alloc on null')
    refuses(() => dispose({}), Error, 'ERR_NO_EXTERNAL_DATA', 'dispose of an object')
    refuses(() => dispose(window), TypeError, 'ERR_INVALID_ARG_VALUE', 'dispose of a typed array')
    refuses(() => view({}), Error, 'ERR_NO_EXTERNAL_DATA', 'view of an object')
    refuses(() => view(sliceOnto(window, {}, 1), Types.Double), RangeError, 'ERR_OUT_OF_RANGE', 'view as a type that does not fit')
    is(hasExternalData({}), false, 'hasExternalData of an object')
  }

  return function scenario () {
    wrong = ''
    const before = memoryUsage()
    for (let s = 0; s < 3; s++) {
      const length = LENGTHS[s]
      part(`bare of ${length}`, () => elements(alloc, length, 255, `bare of ${length}`))
      part(`unsafe of ${length}`, () => dispose(allocUnsafe(length, Types.Double)))
      part(`External of ${length}`, () => elements((n) => new Samples(n), length, 32767, `External of ${length}`))
      part(`receiver of ${length}`, () => elements((n) => alloc(n, {}), length, 255, `receiver of ${length}`))
      part(`receivers of ${length}`, () => receivers(length))
      part(`slices of ${length}`, () => slices(length))
      part(`moves of ${length}`, () => moves(length))
    }
    part('loops', loops)
    part('BigInts', bigInts)
    part('Float16', halfFloats)
    part('buffers', buffers)
    part('copies', copies)
    part('errors', errors)
    const after = memoryUsage()
    // Fewer is right, too: the collector may return what other tests have dropped.
    is(after.blocks <= before.blocks, true, `${after.blocks - before.blocks} blocks still lent`)
    is(after.bytes <= before.bytes, true, `${after.bytes - before.bytes} bytes still lent`)
    return wrong
  }
}

module.exports = { scenarioOf }
