'use strict'

// Objects that inherit from an allocation: they read its elements, and write to themselves.

const assert = require('node:assert/strict')
const { alloc, dispose, External, hasExternalData } = require('../..')
const { elementsOf, fill, indices, namesIn } = require('../support/elements')
const { kinds } = require('../support/kinds')

const parents = { ...kinds, 'External.Double': (length) => new External.Double(length) }

describe('an heir', () => {
  for (const [name, make] of Object.entries(parents)) {
    for (const length of [3, 100]) {
      it(`of ${name} of ${length} reads its elements, writes to itself, and keeps what is its own`, () => {
        const parent = fill(make(length), [5, 6])
        const heirs = [Object.create(parent), Object.create(Object.create(parent)), Object.setPrototypeOf(() => {}, parent)]
        for (const child of heirs) {
          assert.deepEqual(elementsOf(child, 3), [5, 6, 0])
          assert.deepEqual([0 in child, Object.hasOwn(child, 0)], [true, false])
          child[0] = 300
          child[length - 1] = 'last'
          assert.deepEqual([child[0], child[length - 1]], [300, 'last'])
          assert.deepEqual(Object.getOwnPropertyDescriptor(child, 0), { value: 300, writable: true, enumerable: true, configurable: true })
          delete child[0]
          assert.equal(child[0], 5)
        }
        assert.deepEqual(elementsOf(parent, length), [5, 6, ...Array(length - 2).fill(0)])
        parent[1] = 7
        assert.equal(heirs[0][1], 7)
        dispose(parent)
        assert.deepEqual(heirs.map((child) => [1 in child, Object.keys(child)]), Array(3).fill([false, [String(length - 1)]]))
      })

      it(`of ${name} of ${length} writes to itself in a hot loop as well`, () => {
        const write = (object, index, value) => { object[index] = value }
        const parent = make(length)
        for (let round = 0; round < 3000; round++) {
          write(parent, 1, round)
          const child = Object.create(parent)
          write(child, 1, 'own')
          assert.equal(child[1], 'own')
        }
        assert([2999, 2999 & 255].includes(parent[1]), parent[1])
      })

      it(`of ${name} of ${length} can be allocated itself, and disposed before or after it`, () => {
        for (const own of [2, 80]) {
          const parent = fill(make(length), [1, 2, 3])
          const child = alloc(own, Object.create(parent))
          assert.deepEqual(elementsOf(child, 2), [0, 0])
          fill(child, [8, 9])
          assert.deepEqual(elementsOf(parent, 3), [1, 2, 3])
          dispose(child)
          assert.deepEqual([hasExternalData(child), Reflect.ownKeys(child), Object.getPrototypeOf(child)], [false, [], parent])
          assert.deepEqual(elementsOf(child, 3), [1, 2, 3])
          fill(alloc(own, child), [8, 9])
          dispose(parent)
          assert.deepEqual(elementsOf(child, 2), [8, 9])
          dispose(child)
          assert.deepEqual([Reflect.ownKeys(child), Object.getPrototypeOf(child)], [[], parent])
        }
      })
    }
  }

  it('may be a primitive, which takes no element', () => {
    for (const length of [3, 64]) {
      const { prototype } = BigInt
      fill(alloc(length, prototype), [4, 5])
      try {
        assert.deepEqual([1n[1], 1n[length]], [5, undefined])
        assert.throws(() => { 1n[1] = 7 }, TypeError)
        assert.equal(prototype[1], 5)
      } finally {
        dispose(prototype)
      }
    }
  })

  it('may be an instance of a class whose prototype was allocated, or any target of Reflect.set', () => {
    for (const length of [3, 100]) {
      class Shared {}
      const elements = fill(alloc(length, Shared.prototype), [4, 5])
      const [a, b, other] = [new Shared(), new Shared(), {}]
      a[0] = 'a'
      assert(Reflect.set(elements, 0, 'x', other))
      assert.deepEqual([a[0], b[0], elements[0], other], ['a', 4, 4, { 0: 'x' }])
    }
  })

  it('that is frozen refuses the write, past its own end as well', () => {
    for (const length of [3, 100]) {
      const parent = alloc(length, {})
      for (const child of [Object.create(parent), alloc(1, Object.create(parent)), alloc(0, Object.create(parent))]) {
        Object.freeze(child)
        assert.throws(() => { child[1] = 7 }, TypeError)
        assert.deepEqual([child[1], parent[1]], [0, 0])
      }
      const disposed = Object.freeze(alloc(3, Object.create(parent)))
      dispose(disposed)
      disposed[1] = 7
      assert.deepEqual([disposed[1], parent[1]], [0, 0])
    }
  })

  it('and for-in: it visits inherited properties and elements', () => {
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
      if (length === 100) assert.equal(Reflect.preventExtensions(Object.getPrototypeOf(receiver)), false)
      assert.deepEqual(visited(receiver), names)
      dispose(receiver)
      assert.deepEqual(visited(receiver), ['0', '500', 'a', 'b'])
    }
  })
})

describe('two classes, one of which extends the other,', () => {
  for (const [upper, lower] of [[3, 3], [3, 100], [100, 3], [100, 100]]) {
    it(`may have ${upper} and ${lower} elements`, () => {
      class A { static a () { return 'a' } }
      class B extends A { static a () { return `b${super.a()}` } }
      alloc(upper, A)
      A[1] = 5
      assert.equal(B[1], 5)
      B[1] = 6
      assert.deepEqual([A[1], B[1]], [5, 6])
      alloc(lower, B)
      B[0] = 1
      A[0] = 2
      assert.deepEqual([A[0], B[0], B.a(), new B() instanceof A], [2, 1, 'ba', true])
      dispose(A)
      dispose(B)
      assert.equal(Object.getPrototypeOf(B), A)
    })
  }
})
