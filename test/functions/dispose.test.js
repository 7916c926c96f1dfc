'use strict'

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const { alloc, copyOnto, dispose, External, hasExternalData, sliceOnto, Types, view } = require('../..')
const { elementsOf, fill } = require('../support/elements')
const { refuses, noData } = require('../support/errors')
const { exotic, forEachKind, forEachSize, kinds, SimpleData } = require('../support/kinds')
const { snapshotOf, assertUnchanged } = require('../support/snapshot')
const { detachElsewhere, sliceOf } = require('../support/states')
const { lends } = require('../support/usage')

const MiB = 1 << 20

describe('dispose', () => {
  it('returns undefined', () => {
    forEachKind((name, make) => assert.equal(dispose(make(3)), undefined))
  })

  forEachKind((name, make) => {
    it(`frees the memory of ${name} in the same call`, () => {
      const object = lends(1, MiB, () => make(MiB))
      lends(-1, -MiB, () => dispose(object))
    })

    it(`leaves ${name} without indices`, () => {
      forEachSize((length) => {
        const object = fill(make(length), [1])
        dispose(object)
        assert.equal(object[0], undefined)
        assert.equal(0 in object || length - 1 in object, false)
        assert.deepEqual(Object.keys(object), [])
        for (const key in object) assert.fail(key)
        assert.equal(JSON.stringify({ ...object }), '{}')
        assert.match(inspect(object), /^({}|Data {}|\[Function: allocMe\])$/)
      })
    })

    it(`twice is harmless on ${name}`, () => {
      forEachSize((length) => {
        const object = make(length)
        for (let time = 0; time < 4; time++) dispose(object)
        assert.equal(hasExternalData(object), false)
      })
      const large = make(MiB)
      dispose(large)
      lends(0, 0, () => dispose(large))
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
        const slices = [{}, () => {}, new Map(), Object.create(null)]
        for (const slice of slices) sliceOnto(object, slice)
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

    it(`of ${name} whose memory went elsewhere leaves that memory alone`, () => {
      for (const length of [1, 64, 100]) {
        const object = fill(make(length), [7])
        const elsewhere = new Uint8Array(detachElsewhere(object))
        dispose(object)
        assert.equal(elsewhere.length, length)
        assert.equal(elsewhere[0], 7)
        assert.equal(0 in object, false)
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
      it(`that is ${name} is what it was: its prototype, its own keys and their order`, () => {
        for (const length of [0, 1, 64, 65, 1000]) {
          const receiver = make()
          const before = snapshotOf(receiver)
          alloc(length, receiver)
          dispose(receiver)
          assertUnchanged(receiver, before)
          dispose(receiver)
          assertUnchanged(receiver, before)
        }
      })

      it(`that is ${name} may be allocated again and again`, () => {
        const receiver = make()
        const before = snapshotOf(receiver)
        for (const length of [3, 100, 0, 64, 65, 3]) {
          for (const type of [Types.Uint8, Types.Double]) {
            assert.equal(alloc(length, receiver, type), receiver)
            assert.deepEqual(elementsOf(receiver, length), Array(length).fill(0))
            fill(receiver, Array(length).fill(7))
            assert.equal(length in receiver, false)
            dispose(receiver)
          }
        }
        assertUnchanged(receiver, before)
      })
    }

    it('may take a slice after its own memory, and its own memory after a slice', () => {
      const receiver = alloc(3, {})
      dispose(receiver)
      const source = fill(alloc(100), [5])
      sliceOnto(source, receiver)
      assert.equal(receiver[0], 5)
      dispose(receiver)
      alloc(2, receiver)
      dispose(source)
      assert.deepEqual(receiver, { 0: 0, 1: 0 })
    })

    it('keeps the prototype that it was given meanwhile', () => {
      for (const length of [3, 100]) {
        const prototype = {}
        const receiver = Object.setPrototypeOf(alloc(length, {}), prototype)
        dispose(receiver)
        assert.equal(Object.getPrototypeOf(receiver), prototype)
        assert.deepEqual(Reflect.ownKeys(receiver), [])
      }
    })

    it('keeps what its owner defined in place of an element', () => {
      for (const length of [3, 100]) {
        const receiver = Object.defineProperty(alloc(length, {}), 1, { value: 'mine', configurable: true })
        dispose(receiver)
        assert.deepEqual(Reflect.ownKeys(receiver), ['1'])
        assert.equal(receiver[1], 'mine')
      }
    })

    it('keeps an inspect method that it was given meanwhile', () => {
      for (const length of [3, 100]) {
        const receiver = alloc(length, {})
        receiver[inspect.custom] = () => 'mine'
        assert.equal(inspect(receiver), 'mine')
        dispose(receiver)
        assert.equal(inspect(receiver), 'mine')
      }
    })

    it('that was sealed or frozen meanwhile has no data, though it cannot change', () => {
      for (const length of [3, 100]) {
        for (const close of [Object.preventExtensions, Object.seal, Object.freeze]) {
          const receiver = close(fill(alloc(length, { a: 1 }), [7]))
          assert.equal(receiver[0], 7)
          dispose(receiver)
          assert.equal(hasExternalData(receiver), false)
          assert.equal(receiver[0], undefined)
          assert.equal(receiver.a, 1)
          dispose(receiver)
        }
      }
    })

    it('that is not extensible any more cannot be allocated again', () => {
      const receiver = Object.preventExtensions(alloc(3, {}))
      dispose(receiver)
      refuses(() => alloc(3, receiver), TypeError, 'ERR_INVALID_ARG_VALUE', 'receiver')
    })

    it('may lose elements by delete first', () => {
      const receiver = alloc(3, {})
      delete receiver[1]
      assert.equal(1 in receiver, false)
      dispose(receiver)
      assert.deepEqual(Reflect.ownKeys(receiver), [])
    })
  })

  describe('External and bare objects', () => {
    for (const name of exotic) {
      it(`${name} cannot be allocated again`, () => {
        const object = kinds[name](3)
        for (let time = 0; time < 2; time++) {
          refuses(() => alloc(3, object), TypeError, 'ERR_INVALID_ARG_VALUE', 'receiver')
          refuses(() => sliceOnto(alloc(3), object), TypeError, 'ERR_INVALID_ARG_VALUE', 'dest')
          dispose(object)
        }
      })

      it(`${name} ignores writes to indices`, () => {
        const object = kinds[name](3)
        dispose(object)
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
    it('leaves its source and the other slices', () => {
      for (const length of [3, 100]) {
        const source = fill(alloc(length), [5, 6])
        const [a, b] = [sliceOf(source), sliceOf(source)]
        dispose(a)
        assert.equal(hasExternalData(a), false)
        assert.deepEqual(Reflect.ownKeys(a), [])
        assert.equal(Object.getPrototypeOf(a), Object.prototype)
        assert.deepEqual([source[0], b[1]], [5, 6])
        assert.equal(view(source).length, length)
      }
    })

    it('gives no memory back: that is its source\'s', () => {
      const source = alloc(MiB)
      const slice = sliceOf(source)
      lends(0, 0, () => dispose(slice))
      lends(-1, -MiB, () => dispose(source))
    })

    it('of a Buffer leaves the Buffer', () => {
      const buffer = Buffer.from('hello')
      const slice = sliceOf(buffer)
      dispose(slice)
      assert.equal(hasExternalData(slice), false)
      assert.equal(buffer.toString(), 'hello')
    })

    it('disposed after its source is harmless', () => {
      const source = alloc(3)
      const slice = sliceOf(source)
      dispose(source)
      dispose(slice)
      dispose(source)
      assert.deepEqual(Reflect.ownKeys(slice), [])
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

    it('what never had data: an Error', () => {
      for (const value of [{}, [], () => {}, new Map(), new ArrayBuffer(8), External, External.prototype]) {
        assert.throws(() => dispose(value), noData('obj'))
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

  it('in a getter that a copy might read cannot outrun a check', () => {
    const object = fill(alloc(8, {}), [1, 2])
    Object.defineProperty(object, 'length', { get () { dispose(object); return 8 } })
    const dest = alloc(8)
    copyOnto(object, 0, dest, 0, 8)
    assert.deepEqual(elementsOf(dest, 2), [1, 2])
    assert.deepEqual(Array.from(object), Array(8).fill(undefined))
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
