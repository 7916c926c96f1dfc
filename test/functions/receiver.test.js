'use strict'

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const vm = require('node:vm')
const { alloc, allocUnsafe, copyOnto, dispose, hasExternalData, sliceOnto, Types, view } = require('../..')
const { elementsOf, fill, indices, namesIn } = require('../support/elements')
const { errorOf, refuses } = require('../support/errors')
const { receivers, Matrix, sloppyArguments } = require('../support/receivers')
const { snapshotOf, assertUnchanged } = require('../support/snapshot')

const LENGTHS = [0, 1, 64, 65, 1000]

describe('receivers', () => {
  for (const [name, { make, check }] of Object.entries(receivers)) {
    describe(name, () => {
      it('takes elements, keeps behaving as what it is, and is what it was after dispose', () => {
        for (const length of LENGTHS) {
          const receiver = make()
          const before = snapshotOf(receiver)
          before.properties = before.properties.filter(([key]) => !/^\d+$/.test(String(key))) // the others give way
          check(receiver)
          assert.equal(alloc(length, receiver, Types.Uint16), receiver)
          check(receiver)
          assert.deepEqual(elementsOf(receiver, length), Array(length).fill(0))
          const numbers = Array.from({ length }, (_, index) => index)
          fill(receiver, numbers.map((number) => number + 65536))
          assert.deepEqual(elementsOf(receiver, length), numbers)
          assert.deepEqual([...view(receiver)], numbers)
          assert.equal(Object.hasOwn(receiver, length), false)
          check(receiver)
          dispose(receiver)
          check(receiver)
          assert.equal(hasExternalData(receiver), false)
          assertUnchanged(receiver, before)
        }
      })

      it('is what it was after an alloc that failed', () => {
        const receiver = make()
        const before = snapshotOf(receiver)
        for (const args of [['3', receiver], [-1, receiver], [NaN, receiver], [2 ** 52, receiver], [3, receiver, 99], [3, receiver, 'x']]) {
          for (const allocate of [alloc, allocUnsafe]) assert.throws(() => allocate(...args))
        }
        assertUnchanged(receiver, before)
        check(receiver)
      })

      it('takes copies, slices, and a child that writes to itself', () => {
        for (const length of [64, 65]) {
          const receiver = alloc(length, make())
          copyOnto(fill(alloc(length), [1, 2, 3]), 0, receiver, 0, length)
          const dest = sliceOnto(receiver, make(), 1)
          assert.deepEqual([...view(dest)].slice(0, 3), [2, 3, 0])
          check(dest)
          const child = Object.create(receiver)
          child[0] = 300
          assert.deepEqual([child[0], receiver[0], child[1]], [300, 1, 2])
          dispose(receiver)
          assert.equal(Object.hasOwn(dest, 0), false)
          check(dest)
        }
      })
    })
  }

  describe('an instance of a class, in its constructor', () => {
    class Named extends Matrix {
      #name = 'x'
      other = 1
      get name () { return this.#name }
    }

    for (const length of LENGTHS) {
      it(`takes ${length} elements, with private fields, accessors and the fields of a subclass`, () => {
        const [matrix, named] = [new Matrix(length), new Named(length)]
        matrix.rows = 7
        assert.deepEqual([matrix.rows, matrix.columns, matrix.area(), matrix.constructor], [7, 2, 14, Matrix])
        assert.deepEqual([named.name, named.other, named.rows, named.area()], ['x', 1, 1, 2])
        if (length > 0) matrix[length - 1] = 300
        assert.deepEqual([matrix[length - 1], named[length - 1]], length > 0 ? [44, 0] : [undefined, undefined])
        assert.equal(length in matrix, false)
        for (const object of [matrix, named]) dispose(object)
        assert.equal(matrix.area(), 14)
        assert.equal(Object.getPrototypeOf(matrix), Matrix.prototype)
        assert.deepEqual([Reflect.ownKeys(matrix), Reflect.ownKeys(named)], [['columns'], ['columns', 'other']])
      })
    }
  })

  describe('a class that extends another', () => {
    for (const length of [1, 64, 65, 1000]) {
      it(`with ${length} elements can be called with new`, () => {
        class Base { constructor (a) { this.a = a } }
        class Shape extends Base { constructor () { super(5) } }
        class Heir extends Shape {}
        alloc(length, Shape)
        assert.deepEqual([new Shape().a, new Heir().a, new Heir() instanceof Base, Shape[0]], [5, 5, true, 0])
        dispose(Shape)
        assert.equal(Object.getPrototypeOf(Shape), Base)
        assert.equal(new Heir().a, 5)
      })
    }

    it('a class and its subclass may both be allocated', () => {
      for (const [upper, lower] of [[3, 100], [100, 3]]) {
        class A { static a () { return 'a' } }
        class B extends A { static a () { return `b${super.a()}` } }
        alloc(lower, B)
        alloc(upper, A)
        B[0] = 1
        A[0] = 2
        assert.deepEqual([A[0], B[0], B.a(), new B() instanceof A], [2, 1, 'ba', true])
        dispose(A)
        dispose(B)
        assert.equal(Object.getPrototypeOf(B), A)
      }
    })
  })

  describe('that are refused', () => {
    const refused = {
      'an Array': [],
      'an Array from another context': vm.runInNewContext('[]'),
      'a Proxy of an Array': new Proxy([], {}),
      'a subclass of Array': new (class extends Array {})(),
      'Array.prototype': Array.prototype,
      'a Buffer': Buffer.alloc(3),
      'a typed array': new Float64Array(3),
      'a DataView': new DataView(new ArrayBuffer(3)),
      'a view': view(alloc(3)),
      'a bare object': alloc(3),
      'a small receiver that has data': alloc(3, {}),
      'a large receiver that has data': alloc(100, {}),
      'a frozen object': Object.freeze({}),
      'a sealed object': Object.seal({ a: 1 }),
      'an object that is not extensible': Object.preventExtensions({}),
      'a frozen function': Object.freeze(() => {}),
      'a String object with characters': Object('abc'),
      'an object with a fixed index': Object.defineProperty({ a: 1 }, 1, { value: 1 }),
      'an object with a fixed accessor at an index': Object.defineProperty({}, 5, { get: () => 1 }),
      'an object with a fixed index far away': Object.defineProperty({}, 4294967294, { value: 1 })
    }
    for (const [name, receiver] of Object.entries(refused)) {
      it(`${name}: a TypeError, and nothing changes`, () => {
        const before = snapshotOf(receiver)
        for (const length of LENGTHS) {
          for (const allocate of [alloc, allocUnsafe]) refuses(() => allocate(length, receiver), TypeError, 'ERR_INVALID_ARG_VALUE', 'receiver')
          refuses(() => sliceOnto(alloc(1000), receiver, 0, length), TypeError, 'ERR_INVALID_ARG_VALUE', 'dest')
        }
        assertUnchanged(receiver, before)
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

  describe('a Proxy', () => {
    it('has the elements; its target does not', () => {
      const target = { a: 1 }
      const proxy = fill(alloc(100, new Proxy(target, {})), [5])
      assert.equal(proxy[0], 5)
      assert.deepEqual([proxy, target].map(hasExternalData), [true, false])
      dispose(proxy)
      assert.deepEqual(target, { a: 1 })
    })

    it('sees its traps called as for an ordinary object', () => {
      const writes = []
      const proxy = new Proxy({}, {
        set (target, key, value, receiver) {
          writes.push(key)
          return Reflect.set(target, key, value, receiver)
        }
      })
      for (const length of [3, 100]) {
        alloc(length, proxy)
        proxy[1] = 7
        assert.deepEqual([proxy[1], view(proxy)[1]], [7, 7])
        dispose(proxy)
      }
      assert.deepEqual(writes, ['1', '1'])
    })

    it('that was revoked is a TypeError', () => {
      for (const target of [{}, () => {}]) {
        const { proxy, revoke } = Proxy.revocable(target, {})
        revoke()
        assert.throws(() => alloc(3, proxy), TypeError)
        assert.throws(() => sliceOnto(alloc(3), proxy), TypeError)
      }
    })

    it('that refuses is a TypeError, and its target stays as it was', () => {
      for (const trap of ['defineProperty', 'deleteProperty', 'setPrototypeOf']) {
        for (const length of [1, 3, 100]) {
          const target = { 0: 'a', b: 'b', 2: 'c' }
          const before = snapshotOf(target)
          let calls = 0
          const proxy = new Proxy(target, { [trap]: (...args) => calls++ === 0 ? false : Reflect[trap](...args) })
          const isAsked = trap === 'deleteProperty' || (trap === 'setPrototypeOf') === (length === 100)
          if (!isAsked) {
            alloc(length, proxy)
            assert.equal(calls, 0)
          } else {
            assert.throws(() => alloc(length, proxy), TypeError)
            assertUnchanged(target, before)
            assert.equal(hasExternalData(proxy), false)
          }
        }
      }
    })

    const source = alloc(200)
    const calls = { alloc, allocUnsafe, sliceOnto: (length, proxy) => sliceOnto(source, proxy, 0, length) }
    for (const length of [0, 1, 3, 100]) {
      for (const [name, call] of Object.entries(calls)) {
        it(`whose traps throw at any point of ${name} of ${length} elements leaves its target as it was`, () => {
          for (let failAt = 1; ; failAt++) {
            const target = { z: 1, 0: 'a', 5: 'b', [Symbol.iterator]: 2 }
            Object.defineProperty(target, 1, { get: () => 'c', enumerable: false, configurable: true })
            const before = snapshotOf(target)
            let traps = 0
            const failure = new Error(`trap ${failAt}`)
            const trapOf = (name) => (...args) => {
              if (++traps === failAt) throw failure
              return Reflect[name](...args)
            }
            const names = Object.getOwnPropertyNames(Reflect)
            const proxy = new Proxy(target, Object.fromEntries(names.map((name) => [name, trapOf(name)])))
            let thrown
            try {
              call(length, proxy)
            } catch (error) {
              thrown = error
            }
            if (traps < failAt) return assert(failAt > 5, 'the traps are used')
            assert.equal(thrown, failure)
            assertUnchanged(target, before)
            assert.equal(hasExternalData(proxy), false)
          }
        })
      }
    }
  })

  describe('other corners', () => {
    it('sloppy arguments let go of the parameters that they were', () => {
      for (const length of [2, 100]) {
        const { arguments: args, a } = sloppyArguments(7, 8)
        alloc(length, args)
        args[0] = 99
        assert.equal(a(), 7)
        dispose(args)
        assert.equal(0 in args, false)
        assert.equal(args.length, 2)
      }
    })

    it('a prototype assigned after alloc hides many elements and not few; dispose frees both', () => {
      for (const length of [3, 100]) {
        const receiver = Object.setPrototypeOf(alloc(length, {}), null)
        assert.equal(0 in receiver, length === 3)
        assert.equal(view(receiver).length, length)
        dispose(receiver)
        assert.equal(Object.getPrototypeOf(receiver), null)
      }
    })

    it('an inherited setter is still called, and for no index', () => {
      const calls = []
      class Observed {
        set name (value) { calls.push(['name', this, value]) }
        set [0] (value) { calls.push(['0', this, value]) }
        get [500] () { return 'inherited' }
      }
      for (const length of [3, 100]) {
        const receiver = alloc(length, new Observed())
        receiver.name = 'x'
        receiver[0] = 7
        assert.equal(receiver[0], 7)
        assert.deepEqual(calls.splice(0), [['name', receiver, 'x']])
        dispose(receiver)
        receiver[0] = 8
        assert.deepEqual(calls.splice(0), [['0', receiver, 8]])
      }
    })

    it('an inherited property that is read-only stays so', () => {
      for (const length of [3, 100]) {
        const receiver = alloc(length, Object.create(Object.freeze({ fixed: 1 })))
        assert.throws(() => { receiver.fixed = 2 }, TypeError)
        assert.equal(receiver.fixed, 1)
      }
    })

    it('its layer stays extensible: for-in visits inherited properties all the same', () => {
      const receiver = alloc(100, Object.create({ a: 1 }))
      assert.equal(Reflect.preventExtensions(Object.getPrototypeOf(receiver)), false)
      assert.deepEqual(namesIn(receiver).sort(), [...indices(100), 'a'].sort())
    })

    it('an inherited property is visited by for-in', () => {
      const visited = (object) => namesIn(object).sort()
      class Base {
        static create () {}
      }
      Object.defineProperty(Base, 'create', { enumerable: true })
      for (const length of [3, 100]) {
        const prototype = Object.defineProperty({ a: 1, 0: 'zero', 500: 'far' }, 'hidden', { value: 1 })
        const receiver = alloc(length, Object.assign(Object.create(prototype), { b: 2, a: 3 }))
        const names = [...indices(length), ...length === 3 ? ['500'] : [], 'a', 'b'].sort()
        for (const key of names) assert(key in receiver)
        assert.deepEqual(visited(receiver), names)
        assert.deepEqual(visited(Object.create(receiver)), names)
        assert.deepEqual(visited(alloc(100, Object.create(receiver))), [...indices(100), 'a', 'b'].sort())
        assert.deepEqual(visited(alloc(length, class extends Base {})), [...indices(length), 'create'].sort())
        dispose(receiver)
        assert.deepEqual(visited(receiver), ['0', '500', 'a', 'b'])
      }
    })

    it('a frozen one cannot be written past its end where its prototype has elements', () => {
      const parent = alloc(3, {})
      for (const child of [alloc(1, Object.create(parent)), alloc(0, Object.create(parent)), Object.create(parent)]) {
        Object.freeze(child)
        assert.throws(() => { child[1] = 7 }, TypeError)
        assert.deepEqual([child[1], parent[1]], [0, 0])
      }
      const disposed = Object.freeze(alloc(3, Object.create(parent)))
      dispose(disposed)
      disposed[1] = 7
      assert.deepEqual([disposed[1], parent[1]], [0, 0])
    })

    it('a receiver and its prototype may both be allocated, and disposed in any order', () => {
      for (const [upper, lower] of [[3, 3], [3, 100], [100, 3], [100, 100]]) {
        for (const first of ['upper', 'lower']) {
          const root = {}
          const parent = fill(alloc(upper, Object.create(root)), [1])
          const child = fill(alloc(lower, Object.create(parent)), [2])
          assert.deepEqual([parent[0], child[0]], [1, 2])
          for (const object of first === 'upper' ? [parent, child] : [child, parent]) dispose(object)
          assert.deepEqual([Object.getPrototypeOf(child), Object.getPrototypeOf(parent)], [parent, root])
          assert.deepEqual([Reflect.ownKeys(child), Reflect.ownKeys(parent)], [[], []])
        }
      }
    })
  })
})

describe('a receiver whose getters act amid alloc', () => {
  const acts = {
    'prevents extensions': (receiver) => Object.preventExtensions(receiver),
    throws: () => { throw new RangeError('a getter') },
    'pins an element': (receiver) => Object.defineProperty(receiver, 1, { value: 'pinned', configurable: false })
  }

  for (const length of [3, 100]) {
    for (const [name, act] of Object.entries(acts)) {
      it(`and ${name}, ${length} elements: keeps its own elements`, () => {
        const receiver = Object.defineProperty({ 0: 'own' }, inspect.custom, { configurable: true, get () { return act(this) && undefined } })
        assert.throws(() => alloc(length, receiver))
        assert.equal(receiver[0], 'own')
        assert.equal(Object.getPrototypeOf(receiver), Object.prototype)
        assert.throws(() => dispose(receiver), { code: 'ERR_NO_EXTERNAL_DATA' })
      })
    }
  }

  it('and the static getter of its base class changes its prototype: it keeps the new one', () => {
    class Base { static get name () { return Object.setPrototypeOf(receiver, null) && 'Base' } }
    const receiver = class extends Base {}
    assert.throws(() => alloc(100, receiver), { code: 'ERR_INVALID_ARG_VALUE' })
    assert.equal(Object.getPrototypeOf(receiver), null)
  })
})

describe('a receiver whose properties the runtime intercepts', () => {
  const intercepted = {
    'process.env': () => process.env,
    'the global object of another context': () => vm.runInContext('globalThis', vm.createContext({})),
    'a Storage': () => globalThis.sessionStorage // localStorage would need a file
  }

  for (const [name, get] of Object.entries(intercepted)) {
    it(`as ${name} is refused, and nothing is written to it`, function () {
      const object = get()
      if (object === undefined) this.skip() // not in this runtime
      for (const length of [3, 100]) {
        const before = [Reflect.ownKeys(object), Object.getPrototypeOf(object)]
        for (const call of [() => alloc(length, object), () => sliceOnto(alloc(200), object, 0, length)]) {
          const { constructor, code, message } = errorOf(call)
          assert.deepEqual([constructor, code], [TypeError, 'ERR_INVALID_ARG_VALUE'])
          assert.match(message, new RegExp(`must not be ${name}$`))
        }
        assert.deepEqual([Reflect.ownKeys(object), Object.getPrototypeOf(object)], before)
        assert.equal(hasExternalData(object), false)
      }
    })
  }

  it('is not the object that became a context, nor our own global object: they have elements', () => {
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
})
