'use strict'

const assert = require('node:assert/strict')
const { alloc, dispose, hasExternalData, sliceOnto, view } = require('../..')

/** A Proxy of `target` that runs `action` once, in its first call of `trap`. */
function interrupted (target, trap, action) {
  let done = false
  const proxy = new Proxy(target, {
    [trap]: (...args) => {
      if (!done) {
        done = true
        action(proxy)
      }
      return Reflect[trap](...args)
    }
  })
  return proxy
}

const traps = ['ownKeys', 'defineProperty', 'deleteProperty', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'setPrototypeOf', 'isExtensible']

describe('a Proxy that allocates itself in a trap of alloc', () => {
  for (const trap of traps) {
    for (const [outer, inner] of [[5, 2], [5, 100], [500, 2], [500, 100]]) {
      it(`${trap}, ${inner} elements within ${outer}: has one of the two whole, and nothing is left after dispose`, () => {
        const target = { 0: 'a', b: 1 }
        const proxy = interrupted(target, trap, (receiver) => alloc(inner, receiver))
        try {
          alloc(outer, proxy)
        } catch (error) {
          assert.equal(error.constructor, TypeError)
        }
        if (hasExternalData(proxy)) {
          assert.equal(proxy[0], 0)
          assert(1 in proxy)
          dispose(proxy)
          assert.deepEqual(Reflect.ownKeys(target).filter((key) => key !== '0'), ['b'])
        } else {
          assert.deepEqual(target, { 0: 'a', b: 1 })
        }
        assert.equal(Object.getPrototypeOf(target), Object.prototype)
      })
    }
  }
})

describe('a dest that disposes its source in a trap of sliceOnto', () => {
  for (const trap of traps) {
    for (const length of [5, 100]) {
      it(`${trap}, ${length} elements: has no elements`, () => {
        const source = alloc(200)
        const target = { b: 1 }
        const proxy = interrupted(target, trap, () => dispose(source))
        try {
          sliceOnto(source, proxy, 0, length)
        } catch (error) {
          assert.match(error.message, /^source has no external array data$/)
        }
        if (hasExternalData(source)) return // the trap did not run
        assert.equal(hasExternalData(proxy), false)
        assert.equal(0 in proxy, false)
        assert.deepEqual(Reflect.ownKeys(target), ['b'])
        assert.equal(Object.getPrototypeOf(target), Object.prototype)
      })
    }
  }
})

/** A Proxy of `target`, and `arm(action)`, which has its next call of `trap` run `action` once. */
function armed (target, trap) {
  let next
  const proxy = new Proxy(target, {
    [trap]: (...args) => {
      const action = next
      next = undefined
      action?.()
      return Reflect[trap](...args)
    }
  })
  return { proxy, arm: (action) => { next = action } }
}

const disposals = [
  ['is disposed', (object) => dispose(object)],
  ['is disposed and allocated anew', (object) => {
    dispose(object)
    alloc(4, object)
  }]
]

describe('a source that, in a trap of its slice while it is disposed,', () => {
  for (const [name, action] of disposals) {
    for (const [length, trap] of [[5, 'deleteProperty'], [100, 'setPrototypeOf']]) {
      it(`${name}, ${length} elements: has what the last call has made`, () => {
        const source = alloc(length, {})
        const { proxy, arm } = armed({}, trap)
        sliceOnto(source, proxy)
        arm(() => action(source))
        dispose(source)
        const elements = name === 'is disposed' ? [] : ['0', '1', '2', '3']
        assert.deepEqual(Object.keys(source), elements)
        assert.equal(hasExternalData(source), elements.length > 0)
        dispose(source)
        assert.deepEqual(source, {})
      })
    }
  }
})

describe('a Proxy whose memory was transferred and that, in a trap of alloc,', () => {
  for (const [name, action] of disposals) {
    it(`${name}: has one of the two whole, and nothing is left after dispose`, () => {
      const target = {}
      const { proxy, arm } = armed(target, 'ownKeys')
      const { buffer } = view(alloc(100, proxy))
      structuredClone(buffer, { transfer: [buffer] })
      arm(() => action(proxy))
      try {
        alloc(5, proxy)
      } catch (error) {
        assert.equal(error.code, 'ERR_INVALID_ARG_VALUE')
      }
      assert.equal(proxy[3], 0)
      dispose(proxy)
      assert.deepEqual(Reflect.ownKeys(target), [])
      assert.equal(Object.getPrototypeOf(target), Object.prototype)
    })
  }
})
