'use strict'

// Objects that alloc, sliceOnto and adopt give elements to.

const assert = require('node:assert/strict')
const { inspect, types } = require('node:util')
const vm = require('node:vm')
const { adopt, alloc, allocUnsafe, dispose, External, hasExternalData, sliceOnto, Types, view } = require('../..')
const { elementsOf, fill } = require('../support/elements')
const { errorIn, errorOf, refuses } = require('../support/errors')
const { snapshotOf, assertUnchanged } = require('../support/snapshot')

const LENGTHS = [0, 1, 64, 65, 1000, 3]

class Base { hello () { return 'hello' } }
class Derived extends Base {
  #secret = 1
  field = 2
  get secret () { return this.#secret }
  set secret (value) { this.#secret = value }
  hello () { return `${super.hello()} again` }
}
const baseMade = class { constructor (a) { this.a = a } }
const sloppyArguments = new Function('a', 'b', 'return { arguments, a: () => a }')

/** Receivers of every kind: a function that makes one, and one that uses it. Those of other contexts are in realms.test.js. */
const receivers = {
  'a plain object': [
    () => ({ a: 1, get b () { return this.a + 1 }, set b (value) { this.a = value }, [Symbol.toPrimitive]: () => 42 }),
    (object) => [object.a, object.b, object.b = 1, +object, object.constructor]
  ],
  'an object with an inspect method': [() => ({ a: 1, [inspect.custom]: () => 'mine' }), (object) => [inspect(object)]],
  'an object that hides an inspect method': [() => ({ a: 1, [inspect.custom]: undefined }), (object) => [Object.hasOwn(object, inspect.custom)]],
  'an object without a prototype': [
    () => Object.assign(Object.create(null), { a: 1 }),
    (object) => [object.a, object.b = 2, delete object.b, 'toString' in object, '__proto__' in object]
  ],
  'an instance of a class that inherits': [() => new Derived(), (object) => [object.hello(), object.secret++, object.secret--, object.field, object.constructor, object instanceof Base]],
  'a function': [
    () => function add (a, b) { return typeof this === 'string' ? [this, a, b] : a + b },
    (f) => [f(1, 2), f.bind(undefined, 1)(5), f.call('this', 1, 2), new f().constructor === f, f.name, f.length, typeof f, String(f)]
  ],
  'an arrow function': [() => (a) => a * 2, (f) => [[1, 2].map(f), errorOf(() => new f()).name]],
  'a generator function': [() => function * () { yield 1 }, (f) => [...f()]],
  'a bound function': [() => ((a, b) => a - b).bind(null, 10), (f) => [f(3)]],
  'a class': [
    () => class Shape {
      static #made = 7
      static made () { return Shape.#made }
      area () { return 2 }
    },
    (Class) => [Class.made(), new Class() instanceof Class, new (class extends Class {})().area(), errorOf(() => Class()).name]
  ],
  'a class that extends another': [
    () => class extends baseMade { constructor () { super(5) } },
    (Class) => [new Class().a, new (class extends Class {})().a, new Class() instanceof baseMade]
  ],
  'a Date': [() => new Date(86400000), (date) => [date - new Date(0), JSON.stringify({ date })]],
  'a Map': [() => new Map([['a', 1]]), (map) => [[...map], map.set('b', 2).size, map.delete('b'), map.has('b')]],
  'a RegExp': [() => /b(.)/, (regexp) => ['abcabd'.replace(regexp, '<$1>'), 'abc'.split(regexp), regexp.flags, String(regexp)]],
  'a generator': [() => (function * () { for (;;) yield 1 })(), (generator) => [generator.next(), generator[Symbol.iterator]() === generator]],
  'strict arguments': [() => (function () { return arguments })(7, 8), (args) => [types.isArgumentsObject(args), args.length, [...args].length]],
  'sloppy arguments': [() => sloppyArguments(7, 8).arguments, (args) => [args.length, args.callee]],
  'an Error': [() => new RangeError('too far', { cause: 'cause' }), (error) => [String(error), error.cause, /^RangeError: too far\n/.test(error.stack)]],
  'a Proxy of a plain object': [() => new Proxy({ a: 1 }, {}), (proxy) => [proxy.a, proxy.a = 1, Object.getOwnPropertyDescriptor(proxy, 'a')]],
  'a Proxy of a function': [() => new Proxy((a) => a + 1, {}), (f) => [f(1)]],
  'a boxed number': [() => Object(5), (number) => [number + 1, number.toFixed(1)]],
  'an empty String object': [() => Object(''), (string) => [string + 'x', string.length]],
  'an ArrayBuffer': [() => new ArrayBuffer(8), (buffer) => [buffer.byteLength, new Uint8Array(buffer).length]],
  'an object that inherits from an Array': [() => Object.create([1, 2]), (object) => [object.length, object instanceof Array]]
}

/** What must be there after dispose: own elements have given way. */
function withoutElements (receiver) {
  const { properties, ...rest } = snapshotOf(receiver)
  return { ...rest, properties: properties.filter(([key]) => !/^\d+$/.test(String(key))) }
}

describe('receivers', () => {
  for (const [name, [make, use]] of Object.entries(receivers)) {
    const fresh = use(make())
    const behaves = (receiver) => assert.deepEqual(use(receiver), fresh)

    describe(name, () => {
      it('takes elements, keeps behaving as what it is, and is what it was after dispose, again and again', () => {
        const receiver = make()
        const pristine = snapshotOf(receiver)
        assert.throws(() => alloc(2 ** 52, receiver))
        assertUnchanged(receiver, pristine)
        const before = withoutElements(receiver)
        for (const length of LENGTHS) {
          for (const [type, source] of [[Types.Double], [Types.Uint16], [Types.Uint16, alloc(length + 1, Types.Uint16)]]) {
            assert.equal(source ? sliceOnto(source, receiver, 1) : alloc(length, receiver, type), receiver)
            behaves(receiver)
            assert.deepEqual(elementsOf(receiver, length), Array(length).fill(0))
            const numbers = Array.from({ length }, (_, index) => index)
            fill(receiver, type === Types.Double ? numbers : numbers.map((number) => number + 65536))
            assert.deepEqual([...view(receiver)], numbers)
            assert.deepEqual(elementsOf(receiver, length), numbers)
            assert.equal(Object.hasOwn(receiver, length), false)
            for (const end of [source ?? receiver, receiver]) {
              dispose(end)
              assert.equal(hasExternalData(receiver), false)
              assertUnchanged(receiver, before)
            }
            behaves(receiver)
          }
        }
      })
    })
  }

  describe('that are refused', () => {
    const context = vm.createContext({})
    const refused = {
      'an Array': [[], /must not be an Array$/],
      'an Array from another context': [vm.runInContext('[]', context), /must not be an Array$/],
      'a Proxy of an Array': [new Proxy([], {}), /must not be an Array$/],
      'a subclass of Array': [new (class extends Array {})(), /must not be an Array$/],
      'Array.prototype': [Array.prototype, /must not be an Array$/],
      'a Buffer': [Buffer.alloc(3), /memory of its own$/],
      'a typed array': [new Float64Array(3), /memory of its own$/],
      'a DataView': [new DataView(new ArrayBuffer(3)), /memory of its own$/],
      'a view': [view(alloc(3)), /memory of its own$/],
      'a bare object': [alloc(0), /already$/],
      'an External': [new External(3), /already$/],
      'a small receiver that has data': [alloc(3, {}), /already$/],
      'a large receiver that has data': [alloc(100, {}), /already$/],
      'a frozen object': [Object.freeze({}), /must be extensible$/],
      'a sealed object': [Object.seal({ a: 1 }), /must be extensible$/],
      'a frozen function': [Object.freeze(() => {}), /must be extensible$/],
      'a String object with characters': [Object('abc'), / 0 that is not configurable$/],
      'an object with a fixed index': [Object.defineProperty({ 0: 'a', b: 1 }, 7, { value: 1 }), / 7 that is not configurable$/],
      'an object with a fixed accessor at an index': [Object.defineProperty({}, 5, { get: () => 1 }), / 5 that is not configurable$/],
      'an object with a fixed index far away': [Object.defineProperty({}, 4294967294, { value: 1 }), / 4294967294 that is not configurable$/],
      // Those whose properties the runtime intercepts. Nothing is written to them.
      'process.env': [process.env, /must not be process\.env$/],
      'the global object of another context': [vm.runInContext('globalThis', context), /must not be the global object of another context$/],
      'a Storage': [globalThis.sessionStorage, /must not be a Storage$/] // not in every runtime; localStorage would need a file
    }
    for (const [name, [receiver, reason]] of Object.entries(refused)) {
      it(`${name}: a TypeError that says why, and nothing changes`, function () {
        if (receiver === undefined) this.skip()
        const before = snapshotOf(receiver)
        const had = hasExternalData(receiver)
        for (const length of LENGTHS) {
          const calls = [['receiver', () => alloc(length, receiver)], ['receiver', () => allocUnsafe(length, receiver)],
            ['dest', () => sliceOnto(alloc(1000), receiver, 0, length)]]
          for (const [argument, call] of calls) assert.match(refuses(call, TypeError, 'ERR_INVALID_ARG_VALUE', argument).message, reason)
        }
        assertUnchanged(receiver, before)
        assert.equal(hasExternalData(receiver), had)
      })
    }

    it('a module namespace, and a prototype that cannot change', async () => {
      const namespace = await import('node:path')
      refuses(() => alloc(3, namespace), TypeError, 'ERR_INVALID_ARG_VALUE', 'receiver')
      const prototype = vm.runInNewContext('Object.prototype')
      const before = snapshotOf(prototype)
      refuses(() => alloc(100, prototype), TypeError, 'ERR_INVALID_ARG_VALUE', 'receiver')
      assertUnchanged(prototype, before)
      dispose(alloc(3, prototype))
      assertUnchanged(prototype, before)
    })
  })

  it('may be an object that became a context, and our own global object', () => {
    const context = vm.createContext({})
    for (const length of [3, 100]) {
      for (const object of [context, globalThis]) {
        alloc(length, object)
        object[1] = 257
        assert.deepEqual([object[0], object[1], object[length]], [0, 1, undefined])
        dispose(object)
      }
      alloc(length, context)
      vm.runInContext('this[1] = 258', context)
      assert.equal(context[1], 2)
      dispose(context)
    }
  })

  describe('that are Proxies', () => {
    it('have the elements; their targets do not, and are as they were after dispose', () => {
      for (const length of [3, 100]) {
        const target = { a: 1 }
        const writes = []
        const proxy = new Proxy(target, {
          set (object, key, value, receiver) {
            writes.push(key)
            return Reflect.set(object, key, value, receiver)
          }
        })
        alloc(length, proxy)
        proxy[1] = 7
        assert.deepEqual([proxy[1], view(proxy)[1], writes], [7, 7, ['1']])
        assert.deepEqual([proxy, target].map(hasExternalData), [true, false])
        dispose(proxy)
        assert.deepEqual(target, { a: 1 })
      }
    })

    for (const length of [4, 100]) {
      it(`are a TypeError, and keep what they have, if a trap has given them other elements than these ${length}`, () => {
        const target = {}
        let calls = 0
        const receiver = new Proxy(target, {
          isExtensible (object) {
            if (++calls === 2) alloc(length, receiver)[0] = 7
            return Reflect.isExtensible(object)
          }
        })
        refuses(() => alloc(length, receiver), TypeError, 'ERR_INVALID_ARG_VALUE', 'receiver')
        assert.equal(receiver[0], 7)
        dispose(receiver)
        assert.equal(Object.getPrototypeOf(target), Object.prototype)
        assert.deepEqual(Reflect.ownKeys(target), [])
      })
    }

    it('are a TypeError if they were revoked', () => {
      for (const target of [{}, () => {}]) {
        const { proxy, revoke } = Proxy.revocable(target, {})
        revoke()
        assert.throws(() => alloc(3, proxy), TypeError)
        assert.throws(() => sliceOnto(alloc(3), proxy), TypeError)
      }
    })

    const source = alloc(200)
    const calls = {
      alloc: (length, proxy) => alloc(length, proxy),
      allocUnsafe: (length, proxy) => allocUnsafe(length, proxy),
      sliceOnto: (length, proxy) => sliceOnto(source, proxy, 0, length),
      adopt: (length, proxy, memory) => adopt(memory, proxy)
    }
    const failure = new Error('a trap')
    const faults = {
      throw: { traps: Object.getOwnPropertyNames(Reflect), fail () { throw failure }, isExpected: (error) => error === failure },
      refuse: {
        traps: ['defineProperty', 'deleteProperty', 'setPrototypeOf'],
        fail: () => false,
        isExpected: (error) => error instanceof TypeError
      }
    }
    for (const [fault, { traps, fail, isExpected }] of Object.entries(faults)) {
      for (const length of [0, 1, 3, 100]) {
        for (const [name, call] of Object.entries(calls)) {
          it(`leave their targets as they were if a trap ${fault}s at any point of ${name} of ${length} elements`, () => {
            for (let failAt = 1; ; failAt++) {
              const target = { z: 1, 0: 'a', 5: 'b', [Symbol.iterator]: 2 }
              Object.defineProperty(target, 1, { get: () => 'c', enumerable: false, configurable: true })
              const before = snapshotOf(target)
              let count = 0
              const trapOf = (trap) => (...args) => {
                // A Proxy may refuse the inspect method: it is shown in another way then, but has its elements.
                const counts = fault === 'throw' || args[1] !== inspect.custom
                return counts && ++count === failAt ? fail() : Reflect[trap](...args)
              }
              const proxy = new Proxy(target, Object.fromEntries(traps.map((trap) => [trap, trapOf(trap)])))
              const memory = new ArrayBuffer(length)
              const error = errorIn(() => call(length, proxy, memory))
              if (count < failAt) {
                assert.equal(error, undefined)
                return assert(failAt > 3, 'the traps are used')
              }
              assert(isExpected(error), String(error))
              assertUnchanged(target, before)
              assert.equal(hasExternalData(proxy), false)
              dispose(adopt(memory)) // it is whole
            }
          })
        }
      }
    }
  })

  describe('whose getters act amid alloc', () => {
    const acts = {
      'prevent extensions': (receiver) => Object.preventExtensions(receiver),
      throw: () => { throw new RangeError('a getter') },
      'pin an element': (receiver) => Object.defineProperty(receiver, 1, { value: 'pinned', configurable: false })
    }
    for (const [name, act] of Object.entries(acts)) {
      it(`and ${name} keep their own elements`, () => {
        for (const length of [3, 100]) {
          const receiver = Object.defineProperty({ 0: 'own' }, inspect.custom, { configurable: true, get () { return act(this) && undefined } })
          assert.throws(() => alloc(length, receiver))
          assert.equal(receiver[0], 'own')
          assert.equal(Object.getPrototypeOf(receiver), Object.prototype)
          assert.throws(() => dispose(receiver), { code: 'ERR_NO_EXTERNAL_DATA' })
        }
      })
    }

    it('and change their prototype, as the static getter of a base class may: they keep the new one', () => {
      class Base { static get name () { return Object.setPrototypeOf(receiver, null) && 'Base' } }
      const receiver = class extends Base {}
      assert.throws(() => alloc(100, receiver), { code: 'ERR_INVALID_ARG_VALUE' })
      assert.equal(Object.getPrototypeOf(receiver), null)
    })
  })

  it('that are sloppy arguments let go of the parameters that they were', () => {
    for (const length of [2, 100]) {
      const { arguments: args, a } = sloppyArguments(7, 8)
      alloc(length, args)
      args[0] = 99
      assert.equal(a(), 7)
      dispose(args)
      assert.deepEqual([0 in args, args.length], [false, 2])
    }
  })

  it('have inherited setters called, and for no index; what they inherit read-only stays so', () => {
    const calls = []
    class Observed {
      set name (value) { calls.push(['name', this, value]) }
      set [0] (value) { calls.push(['0', this, value]) }
      get [500] () { return 'inherited' }
    }
    Object.defineProperty(Observed.prototype, 'fixed', { value: 1 })
    for (const length of [3, 100]) {
      const receiver = alloc(length, new Observed())
      receiver.name = 'x'
      receiver[0] = 7
      assert.equal(receiver[0], 7)
      assert.deepEqual(calls.splice(0), [['name', receiver, 'x']])
      assert.throws(() => { receiver.fixed = 2 }, TypeError)
      assert.equal(receiver.fixed, 1)
      dispose(receiver)
      receiver[0] = 8
      assert.deepEqual(calls.splice(0), [['0', receiver, 8]])
    }
  })
})
