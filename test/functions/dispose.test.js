'use strict'

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const { alloc, dispose, External, hasExternalData, sliceOnto, Types, view } = require('../..')
const { elementsOf, fill, namesIn } = require('../support/elements')
const { refuses, noData } = require('../support/errors')
const { exotic, forEachKind, forEachSize, kinds, SimpleData } = require('../support/kinds')
const { snapshotOf, assertUnchanged } = require('../support/snapshot')
const { detachElsewhere, sliceOf } = require('../support/states')
const { lends } = require('../support/usage')

const MiB = 1 << 20

describe('dispose', () => {
  forEachKind((name, make) => {
    it(`frees the memory of ${name} in the same call, and returns undefined`, () => {
      const object = lends(1, MiB, () => make(MiB))
      lends(-1, -MiB, () => assert.equal(dispose(object), undefined))
      lends(0, 0, () => dispose(object))
    })

    it(`leaves ${name} without elements, and does nothing the second time`, () => {
      forEachSize((length) => {
        const object = fill(make(length), [1])
        for (let time = 0; time < 3; time++) {
          dispose(object)
          assert.equal(hasExternalData(object), false)
          assert.equal(object[0], undefined)
          assert.equal(0 in object || length - 1 in object, false)
          assert.deepEqual([Object.keys(object), namesIn(object)], [[], []])
          assert.match(inspect(object), /^({}|Data {}|\[Function: allocMe\])$/)
        }
      })
    })

    it(`leaves views of ${name} with length 0, which no longer read or write`, () => {
      forEachSize((length) => {
        const object = make(length)
        const elements = view(object)
        const part = elements.subarray(0, 1)
        dispose(object)
        assert.deepEqual([elements.length, part.length, elements.buffer.byteLength], [0, 0, 0])
        elements[0] = 1
        assert.equal(elements[0], undefined)
      })
    })

    it(`empties the slices of ${name}`, () => {
      forEachSize((length) => {
        const object = make(length)
        const slices = [{}, () => {}, new Map(), Object.create(null)].map((dest) => sliceOf(object, dest))
        dispose(object)
        for (const slice of slices) {
          assert.equal(hasExternalData(slice), false)
          assert.equal(0 in slice, false)
          assert.throws(() => view(slice), noData('obj'))
        }
      })
    })

    it(`of ${name} keeps its other properties`, () => {
      forEachSize((length) => {
        const key = Symbol('key')
        const object = Object.assign(make(length), { a: 1, '01': 2, [key]: 3 })
        dispose(object)
        assert.deepEqual([object.a, object['01'], object[key]], [1, 2, 3])
      })
    })

    it(`of ${name} whose memory was transferred leaves that memory alone`, () => {
      for (const length of [1, 64, 100]) {
        const object = fill(make(length), [7])
        const elsewhere = new Uint8Array(detachElsewhere(object))
        dispose(object)
        assert.deepEqual([elsewhere.length, elsewhere[0], 0 in object], [length, 7, false])
      }
    })
  })

  describe('a receiver', () => {
    const makers = {
      'an object': () => ({ a: 1, get b () { return 2 } }),
      'an object without a prototype': () => Object.assign(Object.create(null), { a: 1 }),
      'a function': () => Object.assign(() => {}, { a: 1 }),
      'an instance of a class': () => new (class extends Map { a = 1 })(),
      'an object with symbols': () => ({ [Symbol.iterator]: 1, [Symbol('s')]: 2 }),
      'an object with an inspect method': () => ({ [inspect.custom]: () => 'mine' })
    }
    for (const [name, make] of Object.entries(makers)) {
      it(`that is ${name} is what it was, and may be allocated again and again`, () => {
        const receiver = make()
        const before = snapshotOf(receiver)
        for (const length of [3, 100, 0, 1, 64, 65, 1000, 3]) {
          for (const type of [Types.Uint8, Types.Double]) {
            alloc(length, receiver, type)
            assert.deepEqual(elementsOf(receiver, length), Array(length).fill(0))
            fill(receiver, Array(length).fill(7))
            assert.equal(length in receiver, false)
            for (let time = 0; time < 2; time++) {
              dispose(receiver)
              assertUnchanged(receiver, before)
            }
          }
        }
      })
    }

    it('may take a slice after its own memory, and its own memory after a slice', () => {
      const receiver = alloc(3, {})
      dispose(receiver)
      const source = fill(alloc(100), [5])
      assert.equal(sliceOnto(source, receiver)[0], 5)
      dispose(receiver)
      alloc(2, receiver)
      dispose(source)
      assert.deepEqual(receiver, { 0: 0, 1: 0 })
    })

    it('keeps what its owner has changed meanwhile: prototype, inspect method, what is in place of an element or deleted', () => {
      for (const length of [3, 100]) {
        const prototype = {}
        const receiver = Object.setPrototypeOf(alloc(length, {}), prototype)
        const mine = { value: 'mine', configurable: true }
        Object.defineProperties(receiver, { 1: mine, [inspect.custom]: { ...mine, value: () => 'mine' } })
        delete receiver[2]
        dispose(receiver)
        assert.equal(Object.getPrototypeOf(receiver), prototype)
        assert.deepEqual(Reflect.ownKeys(receiver), ['1', inspect.custom])
        assert.deepEqual([receiver[1], inspect(receiver)], ['mine', 'mine'])
      }
    })

    it('that was sealed or frozen meanwhile has no data, although it cannot change', () => {
      for (const length of [3, 100]) {
        for (const close of [Object.preventExtensions, Object.seal, Object.freeze]) {
          const receiver = close(fill(alloc(length, { a: 1 }), [7]))
          assert.equal(receiver[0], 7)
          for (let time = 0; time < 2; time++) {
            dispose(receiver)
            assert.deepEqual([hasExternalData(receiver), receiver[0], receiver.a], [false, undefined, 1])
          }
          refuses(() => alloc(3, receiver), TypeError, 'ERR_INVALID_ARG_VALUE', 'receiver')
        }
      }
    })
  })

  describe('External and bare objects', () => {
    for (const name of exotic) {
      it(`${name} cannot be allocated again, and ignores writes to indices`, () => {
        const object = kinds[name](3)
        for (let time = 0; time < 2; time++) {
          refuses(() => alloc(3, object), TypeError, 'ERR_INVALID_ARG_VALUE', 'receiver')
          refuses(() => sliceOnto(alloc(3), object), TypeError, 'ERR_INVALID_ARG_VALUE', 'dest')
          dispose(object)
        }
        object[0] = 1
        assert.equal(object[0], undefined)
        assert.deepEqual(Reflect.ownKeys(object), [])
      })
    }

    it('a subclass keeps its fields and methods', () => {
      const data = new SimpleData(3)
      dispose(data)
      assert.equal(data.length, 3)
      assert(data instanceof SimpleData)
      assert.deepEqual(Reflect.ownKeys(data), ['length'])
    })
  })

  describe('a slice', () => {
    it('leaves its source and the other slices, and gives no memory back', () => {
      for (const length of [3, 100]) {
        const source = lends(1, MiB, () => fill(alloc(MiB), [5, 6]))
        const [a, b] = [{}, {}].map((dest) => sliceOnto(source, dest, 0, length))
        lends(0, 0, () => dispose(a))
        assert.deepEqual([hasExternalData(a), Reflect.ownKeys(a), Object.getPrototypeOf(a)], [false, [], Object.prototype])
        assert.deepEqual([source[0], b[1]], [5, 6])
        lends(-1, -MiB, () => dispose(source))
        for (const object of [a, b, source]) dispose(object) // nothing
        assert.deepEqual(Reflect.ownKeys(b), [])
      }
    })

    it('of a Buffer leaves the Buffer', () => {
      const buffer = Buffer.from('hello')
      dispose(sliceOf(buffer))
      assert.equal(buffer.toString(), 'hello')
    })

    it('that has its own memory by now keeps it when its former source goes', () => {
      for (const length of [3, 100]) {
        const source = alloc(length)
        const slice = sliceOf(source)
        dispose(slice)
        fill(alloc(length, slice), [7])
        dispose(source)
        assert.equal(slice[0], 7)
        assert(hasExternalData(slice))
      }
    })

    /** A Proxy whose traps throw while `state.throws` is true. */
    function faulty (state) {
      const trapOf = (name) => (...args) => {
        if (state.throws) throw new Error('a trap')
        return Reflect[name](...args)
      }
      return new Proxy({}, Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((name) => [name, trapOf(name)])))
    }

    for (const length of [3, 100]) {
      it(`of ${length} ends with its source although a trap of another slice throws, in whatever order they were made`, () => {
        for (const place of [0, 1, 2]) {
          const source = alloc(MiB)
          const slices = [{}, {}, {}]
          const state = { throws: false }
          slices[place] = faulty(state)
          for (const slice of slices) sliceOnto(source, slice, 0, length)
          state.throws = true
          lends(-1, -MiB, () => assert.throws(() => dispose(source), /^Error: a trap$/))
          state.throws = false
          assert.deepEqual([source, ...slices].map(hasExternalData), [false, false, false, false])
          dispose(slices[place]) // takes off what is left
          for (const slice of slices) assert.deepEqual([Reflect.ownKeys(slice), Object.getPrototypeOf(slice)], [[], Object.prototype])
        }
      })
    }
  })

  describe('what is not smalloc\'s', () => {
    it('a Buffer, a typed array, a DataView, a view: a TypeError, and it is left as it is', () => {
      const object = alloc(3)
      const values = [Buffer.from('abc'), Buffer.alloc(3), new Uint8Array(3), new BigInt64Array(3), new DataView(new ArrayBuffer(3)),
        new Uint8Array(new SharedArrayBuffer(3)), view(object), view(alloc(100, {})), new Uint8Array(0)]
      for (const value of values) {
        const { byteLength } = value
        refuses(() => dispose(value), TypeError, 'ERR_INVALID_ARG_VALUE', 'obj')
        assert.equal(value.byteLength, byteLength)
      }
      assert(hasExternalData(object))
    })

    it('memory that has become an asm.js heap and cannot be detached: a TypeError, and the elements stay', () => {
      const heapOf = new Function('stdlib', 'foreign', 'heap', `
        "use asm"
        var bytes = new stdlib.Uint8Array(heap)
        function first () { return bytes[0] | 0 }
        return first
      `)
      for (const object of [alloc(1 << 16), alloc(1 << 16, {}), new External(1 << 16)]) {
        object[0] = 7
        heapOf(globalThis, {}, view(object).buffer)
        refuses(() => dispose(object), TypeError, 'ERR_INVALID_ARG_VALUE', 'obj')
        assert.equal(object[0], 7)
        assert.equal(view(object).length, 1 << 16)
      }
    })

    it('what inherits from an allocation, or proxies one: an Error, and the allocation stays', () => {
      forEachKind((name, make) => {
        for (const length of [3, 100]) {
          const object = make(length)
          assert.throws(() => dispose(Object.create(object)), noData('obj'))
          assert.throws(() => dispose(new Proxy(object, {})), noData('obj'))
          assert(hasExternalData(object))
        }
      })
    })
  })

  it('within a loop over the object ends its elements', () => {
    forEachKind((name, make) => {
      for (const length of [5, 100]) {
        const object = make(length)
        let visited = 0
        Array.prototype.forEach.call(Object.defineProperty(object, 'length', { value: length, configurable: true }), () => {
          visited++
          dispose(object)
        })
        assert.equal(visited, 1)
        let keys = 0
        const other = make(length)
        for (const key in other) {
          keys++
          assert(key)
          dispose(other)
        }
        assert(keys >= 1)
      }
    })
  })
})
