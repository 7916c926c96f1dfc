'use strict'

const assert = require('node:assert/strict')
const vm = require('node:vm')
const { alloc, allocUnsafe, copyOnto, dispose, hasExternalData, sliceOnto, Types, view } = require('../..')
const { elementsOf, fill } = require('../support/elements')
const { errorOf, refuses } = require('../support/errors')
const { receivers, Matrix, sloppyArguments } = require('../support/receivers')
const { snapshotOf, assertUnchanged } = require('../support/snapshot')
const { detachElsewhere } = require('../support/states')

const LENGTHS = [0, 1, 64, 65, 1000]

describe('receivers', () => {
  for (const [name, { make, check }] of Object.entries(receivers)) {
    describe(name, () => {
      for (const length of LENGTHS) {
        it(`takes ${length} elements and keeps behaving as what it is`, () => {
          const receiver = make()
          check(receiver)
          assert.equal(alloc(length, receiver, Types.Uint16), receiver)
          check(receiver)
          assert.deepEqual(elementsOf(receiver, length), Array(length).fill(0))
          fill(receiver, Array.from({ length }, (_, index) => index + 65536))
          assert.deepEqual(elementsOf(receiver, length), Array.from({ length }, (_, index) => index))
          assert.deepEqual([...view(receiver)], Array.from({ length }, (_, index) => index))
          assert.equal(Object.hasOwn(receiver, length), false)
          check(receiver)
          dispose(receiver)
          check(receiver)
          assert(!Object.hasOwn(receiver, 0))
          assert.equal(hasExternalData(receiver), false)
        })
      }

      it('is what it was after dispose, but for the indexed properties that gave way', () => {
        for (const length of LENGTHS) {
          const receiver = make()
          const before = snapshotOf(receiver)
          before.properties = before.properties.filter(([key]) => !/^\d+$/.test(String(key)))
          alloc(length, receiver)
          dispose(receiver)
          assertUnchanged(receiver, before)
        }
      })

      it('is what it was after an alloc that failed', () => {
        const receiver = make()
        const before = snapshotOf(receiver)
        for (const args of [['3', receiver], [-1, receiver], [NaN, receiver], [2 ** 52, receiver], [3, receiver, 99], [3, receiver, 'x']]) {
          assert.throws(() => alloc(...args))
          assert.throws(() => allocUnsafe(...args))
        }
        assertUnchanged(receiver, before)
        check(receiver)
      })

      it('takes copies and slices', () => {
        for (const length of [64, 65]) {
          const receiver = alloc(length, make())
          copyOnto(fill(alloc(length), [1, 2, 3]), 0, receiver, 0, length)
          const dest = make()
          sliceOnto(receiver, dest, 1)
          assert.deepEqual([...view(dest)].slice(0, 3), [2, 3, 0])
          check(dest)
          dispose(receiver)
          assert.equal(0 in dest && Object.hasOwn(dest, 0), false)
          check(dest)
        }
      })

      it('takes a child that writes to itself', () => {
        for (const length of [3, 100]) {
          const receiver = alloc(length, make())
          const child = Object.create(receiver)
          child[0] = 300
          assert.equal(child[0], 300)
          assert.equal(receiver[0], 0)
          assert.equal(child[1], 0)
        }
      })
    })
  }

  describe('an instance of a class, in its constructor', () => {
    for (const length of LENGTHS) {
      it(`takes ${length} elements, with private fields and accessors`, () => {
        const matrix = new Matrix(length)
        matrix.rows = 7
        assert.deepEqual([matrix.rows, matrix.columns, matrix.area()], [7, 2, 14])
        assert(matrix instanceof Matrix)
        assert.equal(matrix.constructor, Matrix)
        if (length > 0) {
          matrix[length - 1] = 300
          assert.equal(matrix[length - 1], 44)
        }
        assert.equal(length in matrix, false)
        dispose(matrix)
        assert.equal(matrix.area(), 14)
        assert.equal(Object.getPrototypeOf(matrix), Matrix.prototype)
        assert.deepEqual(Reflect.ownKeys(matrix), ['columns'])
      })

      it(`takes ${length} elements before the fields of a subclass are there`, () => {
        class Named extends Matrix {
          #name = 'x'
          other = 1
          get name () { return this.#name }
        }
        const matrix = new Named(length)
        assert.deepEqual([matrix.name, matrix.other, matrix.rows, matrix.area()], ['x', 1, 1, 2])
        dispose(matrix)
        assert.deepEqual(Reflect.ownKeys(matrix), ['columns', 'other'])
      })
    }

    it('two instances have memory of their own', () => {
      for (const length of [3, 100]) {
        const [a, b] = [new Matrix(length), new Matrix(length)]
        a[0] = 1
        assert.deepEqual([a[0], b[0]], [1, 0])
        dispose(a)
        assert.equal(b[0], 0)
      }
    })
  })

  describe('a class that extends another', () => {
    for (const length of [1, 64, 65, 1000]) {
      it(`with ${length} elements can be called with new`, () => {
        class Base { constructor (a) { this.a = a } }
        class Shape extends Base { constructor () { super(5) } }
        class Heir extends Shape {}
        alloc(length, Shape)
        assert.equal(new Shape().a, 5)
        assert.equal(new Heir().a, 5)
        assert(new Heir() instanceof Base)
        assert.equal(Shape[0], 0)
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
      'a typed array from another context': vm.runInNewContext('new Uint8Array(3)'),
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

    it('a String object keeps its characters', () => {
      const string = Object('abc')
      errorOf(() => alloc(3, string))
      assert.equal([...string].join('-'), 'a-b-c')
    })

    it('a module namespace, and a prototype that cannot change', async () => {
      const namespace = await import('node:path')
      refuses(() => alloc(3, namespace), TypeError, 'ERR_INVALID_ARG_VALUE', 'receiver')
      const prototype = vm.runInNewContext('Object.prototype')
      const before = snapshotOf(prototype)
      refuses(() => alloc(100, prototype), TypeError, 'ERR_INVALID_ARG_VALUE', 'receiver')
      assertUnchanged(prototype, before)
      alloc(3, prototype)
      dispose(prototype)
      assertUnchanged(prototype, before)
    })

    it('an object that has data keeps that data', () => {
      for (const length of [3, 100]) {
        const receiver = fill(alloc(length, {}, Types.Int16), [-5])
        errorOf(() => alloc(7, receiver))
        assert.equal(receiver[0], -5)
        assert.equal(view(receiver).length, length)
      }
    })
  })

  describe('a Proxy', () => {
    it('has the elements, and lets its target see them as its handler says', () => {
      const target = { a: 1 }
      const proxy = fill(alloc(100, new Proxy(target, {})), [5])
      assert.equal(proxy[0], 5)
      assert.equal(hasExternalData(proxy), true)
      assert.equal(hasExternalData(target), false)
      dispose(proxy)
      assert.deepEqual(target, { a: 1 })
    })

    it('sees its traps called with what an ordinary object would do', () => {
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
        assert.equal(proxy[1], 7)
        assert.equal(view(proxy)[1], 7)
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
      const refusals = ['defineProperty', 'deleteProperty', 'setPrototypeOf']
      for (const trap of refusals) {
        for (const length of [1, 3, 100]) {
          const target = { 0: 'a', b: 'b', 2: 'c' }
          const before = snapshotOf(target)
          let calls = 0
          const proxy = new Proxy(target, { [trap]: (...args) => calls++ === 0 ? false : Reflect[trap](...args) })
          try {
            alloc(length, proxy)
            assert.equal(calls, 0)
          } catch (error) {
            assert.equal(error.constructor, TypeError)
            assert(calls > 0)
            assertUnchanged(target, before)
            assert.equal(hasExternalData(proxy), false)
          }
        }
      }
    })

    const traps = Object.getOwnPropertyNames(Reflect)
    for (const length of [0, 1, 3, 100]) {
      for (const throws of ['alloc', 'allocUnsafe', 'sliceOnto']) {
        it(`whose traps throw at any point of ${throws} of ${length} elements leaves its target as it was`, () => {
          const source = alloc(200)
          const actions = { alloc: (proxy) => alloc(length, proxy), allocUnsafe: (proxy) => allocUnsafe(length, proxy),
            sliceOnto: (proxy) => sliceOnto(source, proxy, 0, length) }
          for (let failAt = 1; ; failAt++) {
            const target = { z: 1, 0: 'a', 5: 'b', [Symbol.iterator]: 2 }
            Object.defineProperty(target, 1, { get: () => 'c', enumerable: false, configurable: true })
            const before = snapshotOf(target)
            let calls = 0
            const failure = new Error(`trap ${failAt}`)
            const handler = {}
            for (const trap of traps) {
              handler[trap] = (...args) => {
                if (++calls === failAt) throw failure
                return Reflect[trap](...args)
              }
            }
            const proxy = new Proxy(target, handler)
            let thrown
            try {
              actions[throws](proxy)
            } catch (error) {
              thrown = error
            }
            if (calls < failAt) {
              assert(failAt > 5, 'the traps are used')
              break
            }
            assert.equal(thrown, failure)
            assertUnchanged(target, before)
            assert.equal(hasExternalData(proxy), false)
          }
        })
      }
    }
  })

  describe('other corners', () => {
    it('an own and an inherited property named as a descriptor\'s fields changes nothing', () => {
      const fields = ['get', 'set', 'value', 'writable', 'enumerable', 'configurable']
      for (const length of [3, 100]) {
        for (const field of fields) {
          Object.defineProperty(Object.prototype, field,
            { __proto__: null, value: () => assert.fail('called'), configurable: true, writable: true })
        }
        let receiver
        try {
          receiver = alloc(length, { 0: 'a' })
          receiver[0] = 5
          sliceOnto(receiver, {})
          dispose(receiver)
          alloc(length, receiver)
        } finally {
          for (const field of fields) delete Object.prototype[field]
        }
        assert.equal(receiver[0], 0)
        dispose(receiver)
        assert.deepEqual(receiver, {})
      }
    })

    it('a typed array\'s methods replaced by others change nothing', () => {
      const { prototype } = Object.getPrototypeOf(Uint8Array)
      const names = ['set', 'fill', 'subarray', 'copyWithin', 'slice', Symbol.iterator, 'length', 'buffer', 'byteLength', 'byteOffset']
      const originals = names.map((name) => [name, Object.getOwnPropertyDescriptor(prototype, name)])
      const [source, dest] = [fill(alloc(100), [1, 2, 3]), alloc(100, {})]
      for (const name of names) {
        Object.defineProperty(prototype, name, { __proto__: null, value: () => assert.fail('called'), configurable: true })
      }
      const results = []
      try {
        copyOnto(source, 0, dest, 0, 100)
        copyOnto(source, 1, dest, 3, 50)
        results.push(elementsOf(dest, 5), hasExternalData(dest))
        sliceOnto(dest, {}, 1, 9)
        dispose(dest)
        results.push(hasExternalData(dest))
      } finally {
        for (const [name, descriptor] of originals.values()) Object.defineProperty(prototype, name, descriptor)
      }
      assert.deepEqual(results, [[1, 2, 3, 2, 3], true, false])
    })

    it('Function.prototype.call and apply replaced by others change nothing', () => {
      const { call, apply, bind } = Function.prototype
      const bad = () => { throw new Error('called') }
      const [source, dest] = [fill(alloc(100), [1, 2, 3]), alloc(100, {})]
      Object.assign(Function.prototype, { call: bad, apply: bad, bind: bad })
      try {
        copyOnto(source, 1, dest, 0, 50)
        sliceOnto(source, {}, 1, 9)
        dispose(source)
      } finally {
        Object.assign(Function.prototype, { call, apply, bind })
      }
      assert.equal(dest[0], 2)
    })

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
        const receiver = alloc(length, {})
        Object.setPrototypeOf(receiver, null)
        assert.equal(0 in receiver, length === 3)
        assert(hasExternalData(receiver))
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

    it('an inherited property is visited by for-in', () => {
      const visited = (object) => {
        const keys = []
        for (const key in object) keys.push(key)
        return keys.sort()
      }
      const indices = (length) => Array.from({ length }, (_, index) => String(index))
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
          assert.equal(Object.getPrototypeOf(child), parent)
          assert.equal(Object.getPrototypeOf(parent), root)
          assert.deepEqual([Reflect.ownKeys(child), Reflect.ownKeys(parent)], [[], []])
        }
      }
    })

    it('a receiver whose memory went elsewhere may be allocated again, and is clean after that', () => {
      for (const [before, after] of [[3, 3], [3, 1], [3, 100], [100, 3], [100, 100]]) {
        const receiver = alloc(before, {})
        detachElsewhere(receiver)
        dispose(receiver)
        alloc(after, receiver)
        assert.deepEqual(elementsOf(receiver, after), Array(after).fill(0))
        dispose(receiver)
        assert.deepEqual(Reflect.ownKeys(receiver), [])
        assert.equal(Object.getPrototypeOf(receiver), Object.prototype)
      }
    })

    it('a thousand of them do not disturb one another', () => {
      const all = Array.from({ length: 1000 }, (_, index) => fill(alloc(index % 130 + 1, index % 2 ? {} : () => {}), [index]))
      for (let index = 0; index < 1000; index += 3) dispose(all[index])
      for (const [index, receiver] of all.entries()) assert.equal(receiver[0], index % 3 ? index & 255 : undefined)
    })
  })
})

describe('a receiver whose getters act amid alloc', () => {
  const { inspect } = require('node:util')
  const acts = {
    'prevents extensions': (receiver) => Object.preventExtensions(receiver),
    'throws': () => { throw new RangeError('a getter') },
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
          assert.throws(call, { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE', message: new RegExp(`must not be ${name}$`) })
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
