'use strict'

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const { alloc, dispose, hasExternalData, sliceOnto, view } = require('../..')
const { collect } = require('../support/collect')
const { fill, toElement, typedArrays } = require('../support/elements')
const { noData, refuses } = require('../support/errors')
const { forEachKind } = require('../support/kinds')

/** A weak reference to what `make` returns. The caller must not hold that in a variable. */
const weakly = (make) => new WeakRef(make())

describe('sliceOnto', () => {
  forEachKind((name, make) => {
    it(`gives dest a window of ${name}, of its type: the same memory`, () => {
      for (const type of Object.keys(typedArrays)) {
        for (const [length, start, end] of [[5, 1, 4], [200, 3, 190], [5, 0, 5], [5, 5, 5]]) {
          const source = make(length, type)
          const dest = {}
          assert.equal(sliceOnto(source, dest, start, end), dest)
          assert.deepEqual(view(dest), view(source).subarray(start, end))
          assert.equal(view(dest).buffer, view(source).buffer)
          assert.equal(dest[end - start], undefined)
          if (start === end) continue
          dest[0] = toElement(type, 7)
          assert.equal(source[start], toElement(type, 7))
          source[end - 1] = toElement(type, 9)
          assert.equal(dest[end - start - 1], toElement(type, 9))
        }
      }
    })
  })

  it('starts at 0 by default, ends at the end, and truncates fractions', () => {
    const source = fill(alloc(4), [1, 2, 3, 4])
    const slices = [[], [undefined, undefined], [1], [1, undefined], [undefined, 3], [1, 3], [1.9, 3.9]]
      .map((args) => [...view(sliceOnto(source, {}, ...args))])
    assert.deepEqual(slices, [[1, 2, 3, 4], [1, 2, 3, 4], [2, 3, 4], [2, 3, 4], [1, 2, 3], [2, 3], [2, 3]])
  })

  it('slices Buffers and typed arrays within their window', () => {
    const pooled = Buffer.from('hello')
    const dest = sliceOnto(pooled, {})
    assert.deepEqual([...view(dest)], [...pooled])
    dest[0] = 106
    assert.equal(pooled.toString(), 'jello')
    refuses(() => sliceOnto(pooled, {}, 0, 6), RangeError, 'ERR_OUT_OF_RANGE', 'end')
    assert.deepEqual(sliceOnto(new Float64Array([1, 2, 3, 4]).subarray(1), {}, 1), { 0: 3, 1: 4 })
    const shared = new Uint8Array(new SharedArrayBuffer(3))
    sliceOnto(shared, {})[2] = 4
    assert.equal(shared[2], 4)
    dispose(dest)
    assert.equal(pooled.toString(), 'jello')
  })

  for (const length of [4, 100]) {
    it(`leaves the dest as it was if its own code disposes the source of ${length} elements meanwhile`, () => {
      let source
      const withGetter = { 0: 'a', get [inspect.custom] () { return dispose(source) } }
      const withTrap = new Proxy({ 0: 'a' }, {
        getOwnPropertyDescriptor (target, key) {
          dispose(source)
          return Reflect.getOwnPropertyDescriptor(target, key)
        }
      })
      for (const dest of [withGetter, withTrap]) {
        source = alloc(length)
        assert.throws(() => sliceOnto(source, dest), noData('source'))
        assert.equal(dest[0], 'a')
        assert(dest !== withGetter || Object.hasOwn(dest, inspect.custom))
      }
    })
  }

  for (const length of [20, 500]) {
    it(`counts from the slice in a slice of a slice, which ends with the memory, not with the slice between: ${length} elements`, () => {
      const source = fill(alloc(length), Array.from({ length }, (_, index) => index % 256))
      const outer = sliceOnto(source, {}, 2, length - 2)
      const inner = sliceOnto(outer, {}, 3, 9)
      const ofView = sliceOnto(view(source), {})
      assert.deepEqual([...view(inner)], [5, 6, 7, 8, 9, 10])
      inner[0] = 77
      assert.deepEqual([source[5], outer[3], ofView[5]], [77, 77, 77])
      refuses(() => sliceOnto(outer, {}, 0, length), RangeError, 'ERR_OUT_OF_RANGE', 'end')
      dispose(outer)
      assert.deepEqual([inner[0], source[5], ofView[5]], [77, 77, 77])
      dispose(source)
      for (const slice of [inner, ofView]) {
        assert.deepEqual([hasExternalData(slice), Reflect.ownKeys(slice)], [false, []])
        assert.equal(Object.getPrototypeOf(slice), Object.prototype)
      }
    })
  }

  it('makes slices that all end with the source, however many there are', () => {
    const source = alloc(300)
    const slices = Array.from({ length: 200 }, (_, index) => sliceOnto(source, index % 2 ? {} : () => {}, index % 3, 10 + index))
    for (const slice of slices.slice(0, 50)) dispose(slice)
    dispose(source)
    for (const slice of slices) assert.deepEqual([hasExternalData(slice), 0 in slice], [false, false])
  })

  it('takes no memory of the heap for each slice that the same dest has had of one source', async () => {
    const source = alloc(100)
    const dest = {}
    async function sliceOften (times) {
      for (let i = 0; i < times; i++) {
        sliceOnto(source, dest, i % 99, i % 99 + 1)
        dispose(dest)
        if (i % 10_000 === 0) await new Promise(setImmediate) // a turn keeps what its weak references have led to
      }
      globalThis.gc()
      return process.memoryUsage().heapUsed
    }
    const times = 25_000
    const before = await sliceOften(times)
    const grown = await sliceOften(times) - before
    assert(grown < 30 * times, `${grown} bytes for ${times} slices`) // an entry takes more than 70
  })

  it('ends with its source in a turn that slices much memory, too; a dest dropped there is collected after the next slice', async () => {
    const sources = Array.from({ length: 100 }, () => alloc(1 << 20))
    const dests = sources.map((source) => sliceOnto(source, {}))
    const known = weakly(() => dests.pop())
    dispose(sources[98])
    assert.deepEqual([hasExternalData(dests[98]), Reflect.ownKeys(dests[98])], [false, []])
    await new Promise(setImmediate) // not a timer, which may fire in the same turn
    sliceOnto(sources[99], {})
    // A turn keeps what its weak references have led to, and a busy collector may take one more.
    let isGone = false
    for (let turn = 0; turn < 50 && !isGone; turn++) {
      await new Promise((resolve) => setTimeout(resolve))
      globalThis.gc()
      isGone = known.deref() === undefined
    }
    assert(isGone)
    for (const source of sources) dispose(source)
    assert.equal(dests.some(hasExternalData), false)
  })

  it('outlives its source while nobody disposes it', async () => {
    const dest = sliceOnto(fill(alloc(200 << 10), [5]), {}, 0, 3)
    await collect(3)
    assert.deepEqual(dest, { 0: 5, 1: 0, 2: 0 })
    dispose(dest)
  })
})
