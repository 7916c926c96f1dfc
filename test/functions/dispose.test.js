'use strict'

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const { alloc, dispose, External, hasExternalData, sliceOnto, view } = require('../..')
const { fill, namesIn } = require('../support/elements')
const { refuses } = require('../support/errors')
const { forEachKind, OWN_ELEMENTS } = require('../support/kinds')
const { detachElsewhere } = require('../support/states')
const { lends } = require('../support/usage')

const MiB = 1 << 20

describe('dispose', () => {
  forEachKind((name, make) => {
    it(`frees the memory of ${name} in the same call, and returns undefined`, () => {
      const object = lends(1, MiB, () => make(MiB))
      lends(-1, -MiB, () => assert.equal(dispose(object), undefined))
      lends(0, 0, () => dispose(object))
    })

    it(`takes the elements of ${name}, of its views and of its slices, keeps its other properties, and does nothing the second time`, () => {
      for (const length of [1, OWN_ELEMENTS, OWN_ELEMENTS + 1, 1000]) {
        const key = Symbol('key')
        const object = Object.assign(fill(make(length), [1]), { a: 1, '01': 2, [key]: 3 })
        const elements = view(object)
        const part = elements.subarray(0, 1)
        const slices = [{}, () => {}, new Map(), Object.create(null)].map((dest) => sliceOnto(object, dest))
        assert.equal(hasExternalData(object), true)
        for (let time = 0; time < 3; time++) {
          dispose(object)
          assert.deepEqual([hasExternalData(object), object[0], 0 in object, length - 1 in object], [false, undefined, false, false])
          assert.deepEqual([Object.keys(object), namesIn(object)], [['a', '01'], ['a', '01']])
          assert.deepEqual([object.a, object['01'], object[key]], [1, 2, 3])
          assert.deepEqual([elements.length, part.length, elements.buffer.byteLength], [0, 0, 0])
          for (const slice of slices) assert.deepEqual([hasExternalData(slice), 0 in slice], [false, false])
        }
      }
    })

    it(`of ${name} or a slice of it, whose memory was transferred, leaves that memory alone`, () => {
      for (const length of [1, 64, 100]) {
        const object = fill(make(length), [7])
        const slice = sliceOnto(object, {})
        const elsewhere = new Uint8Array(detachElsewhere(object))
        for (const lost of [slice, object]) {
          assert.deepEqual([hasExternalData(lost), lost[0]], [false, undefined])
          dispose(lost)
          assert.equal(0 in lost, false)
        }
        assert.deepEqual([elsewhere.length, elsewhere[0]], [length, 7])
      }
    })
  })

  describe('a receiver', () => {
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

    it('whose object was allocated since keeps those elements when its former source goes', () => {
      for (const length of [3, 100]) {
        const receiver = alloc(length, {})
        dispose(receiver)
        const source = fill(alloc(length), [5])
        assert.equal(sliceOnto(source, receiver)[0], 5)
        dispose(receiver)
        fill(alloc(length, receiver), [7])
        dispose(source)
        assert.deepEqual([receiver[0], hasExternalData(receiver)], [7, true])
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

  it('refuses memory that has become an asm.js heap and cannot be detached; the elements stay', () => {
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
})
