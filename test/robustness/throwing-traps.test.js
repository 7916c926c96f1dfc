'use strict'

const assert = require('node:assert/strict')
const { alloc, dispose, hasExternalData } = require('../..')

/** A Proxy of `target` whose traps throw at the `failAt`-th operation from `arm()` on. */
function faulty (target) {
  let left = 0
  const handler = {}
  for (const trap of Object.getOwnPropertyNames(Reflect)) {
    handler[trap] = (...args) => {
      if (left > 0 && --left === 0) throw new Error('a trap')
      return Reflect[trap](...args)
    }
  }
  return { proxy: new Proxy(target, handler), arm: (failAt) => { left = failAt }, fired: () => left === 0 }
}

for (const length of [3, 100]) {
  describe(`a Proxy whose traps throw while ${length} elements are disposed`, () => {
    it('is what it was after the second dispose', () => {
      for (let failAt = 1; ; failAt++) {
        const target = { a: 1 }
        const { proxy, arm, fired } = faulty(target)
        alloc(length, proxy)
        arm(failAt)
        try {
          dispose(proxy)
        } catch (error) {
          assert.equal(error.message, 'a trap')
        }
        assert.equal(hasExternalData(proxy), false)
        if (!fired()) break
        dispose(proxy)
        assert.deepEqual(Reflect.ownKeys(target), ['a'])
        assert.equal(Object.getPrototypeOf(target), Object.prototype)
      }
    })
  })
}
