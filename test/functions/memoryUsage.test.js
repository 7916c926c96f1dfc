'use strict'

const assert = require('node:assert/strict')
const { alloc, allocUnsafe, dispose, External, memoryUsage, sliceOnto, trim, Types, view } = require('../..')
const { lends } = require('../support/usage')

// That alloc adds the bytes of each kind of object, and dispose takes them away, is in dispose.test.js.

const MiB = 1 << 20

describe('memoryUsage', () => {
  it('has three figures, anew in each call', () => {
    const usage = memoryUsage()
    assert.deepEqual(Object.keys(usage), ['blocks', 'bytes', 'cached'])
    for (const figure of Object.values(usage)) assert(Number.isSafeInteger(figure) && figure >= 0)
    assert.notEqual(memoryUsage(), usage)
  })

  it('counts bytes, not elements, of memory that is not zeroed as well', () => {
    const makers = [() => alloc(MiB, Types.Double), () => new External.Double(MiB), () => allocUnsafe(MiB, Types.Double)]
    for (const make of makers) {
      const object = lends(1, 8 * MiB, make)
      lends(-1, -8 * MiB, () => dispose(object))
    }
  })

  it('does not count views, slices and small allocations: those are the engine\'s', () => {
    const source = alloc(MiB)
    lends(0, 0, () => {
      view(source)
      sliceOnto(source, {})
      alloc(64)
      alloc(64, {})
    })
    lends(-1, -MiB, () => dispose(source))
  })

  it('is what it was after an alloc that failed', () => {
    const frozen = Object.freeze({})
    const fixed = Object.defineProperty({}, 0, { value: 1 })
    const faulty = new Proxy({}, { setPrototypeOf: () => { throw new Error('a trap') } })
    for (const receiver of [frozen, fixed, faulty, [], Buffer.alloc(1), 'text']) {
      lends(0, 0, () => assert.throws(() => alloc(MiB, receiver)))
    }
    lends(0, 0, () => assert.throws(() => alloc(2 ** 52)))
  })

  it('counts what waits for the next allocation as cached, in either kind of memory, until trim', () => {
    for (const length of [100, 64 << 10, MiB, 8 * MiB]) {
      trim()
      const { cached } = memoryUsage()
      const object = alloc(length)
      assert.equal(memoryUsage().cached, cached)
      dispose(object)
      const waits = memoryUsage().cached - cached
      // On Node 20, which has no `transfer`, only Rust's blocks wait. Their slots may be a quarter larger.
      if (ArrayBuffer.prototype.transfer) assert(waits >= length && waits <= length * 1.25, `${waits} of ${length}`)
      trim()
      assert.equal(memoryUsage().cached, cached)
    }
  })
})
