'use strict'

// Proxies whose traps lie, or act in the middle of a call: every trap, in every way, in every call. No other object may
// change. When the traps are honest again, the Proxy can be used like any object.

const assert = require('node:assert/strict')
const {
  adopt, alloc, allocUnsafe, copyOnto, dispose, disposeBuffer, External, hasExternalData, memoryUsage, release, sliceOnto, view
} = require('../..')
const { assertNothingIsLost, assertUsable, canaries } = require('../support/invariants')
const { quick } = require('../support/long')
const { detachElsewhere } = require('../support/states')

const TRAPS = Object.getOwnPropertyNames(Reflect).filter((name) => typeof Reflect[name] === 'function')
/** Those in which garbage is collected: in the quick form one before a receiver is changed, and one that changes it. */
const COLLECTING = quick(TRAPS, ['ownKeys', 'defineProperty'])
const LARGE = 140 << 10

/** What a trap may answer. Many are against the rules of a Proxy: the engine then throws a TypeError. */
const lies = {
  undefined: () => undefined,
  null: () => null,
  false: () => false,
  true: () => true,
  'a number': () => -1,
  'an empty list': () => [],
  'keys that are not there': () => ['0', '1', '4294967295', '-0', Symbol.iterator],
  'the same key twice': () => ['0', '0'],
  'an Array-like that is not one': () => ({ length: 2 ** 32, 0: '0' }),
  'a descriptor that is not configurable': () => ({ value: 1, configurable: false }),
  'a descriptor without fields': () => ({}),
  'a descriptor whose fields throw': () => ({ get configurable () { throw new Error('a trap') } }),
  'a prototype that is an Array': () => Array.prototype,
  'the target': (target) => target,
  'another allocation': () => alloc(3)
}

/** Each makes what a call needs beside the Proxy and a source, and returns the call. */
const calls = {
  'alloc of 3': ({ proxy }) => () => alloc(3, proxy),
  'alloc of 100': ({ proxy }) => () => alloc(100, proxy),
  'allocUnsafe of many': ({ proxy }) => () => allocUnsafe(LARGE, proxy),
  'sliceOnto of 3, as dest': ({ proxy, source }) => () => sliceOnto(source, proxy, 0, 3),
  'sliceOnto of 100, as dest': ({ proxy, source }) => () => sliceOnto(source, proxy, 0, 100),
  'dispose of 3': ({ proxy }) => { alloc(3, proxy); return () => dispose(proxy) },
  'dispose of 100': ({ proxy }) => { alloc(100, proxy); return () => dispose(proxy) },
  'dispose of many': ({ proxy }) => { alloc(LARGE, proxy); return () => dispose(proxy) },
  'dispose of its source': ({ proxy, source }) => { sliceOnto(source, proxy, 0, 100); return () => dispose(source) },
  'dispose of its source, a receiver': (objects) => {
    objects.source = alloc(100, {})
    sliceOnto(objects.source, objects.proxy)
    return () => dispose(objects.source)
  },
  'dispose of its source, a small receiver': (objects) => {
    objects.source = alloc(5, {})
    sliceOnto(objects.source, objects.proxy)
    return () => dispose(objects.source)
  },
  'alloc of 5 after its memory went elsewhere': ({ proxy }) => {
    alloc(100, proxy)
    detachElsewhere(proxy)
    return () => alloc(5, proxy)
  },
  'disposeBuffer of its source': ({ proxy }) => {
    const source = new Uint8Array(100)
    sliceOnto(source, proxy)
    return () => disposeBuffer(source)
  },
  'adopt of 3': ({ proxy }) => { const memory = new ArrayBuffer(3); return () => adopt(memory, proxy) },
  'adopt of many': ({ proxy }) => { const memory = new ArrayBuffer(LARGE); return () => adopt(memory, proxy) },
  'release of 3': ({ proxy }) => { alloc(3, proxy); return () => release(proxy) },
  'release of many': ({ proxy }) => { alloc(LARGE, proxy); return () => release(proxy) },
  'release of its source': ({ proxy, source }) => { sliceOnto(source, proxy, 0, 100); return () => release(source) },
  'sliceOnto, as source': ({ proxy }) => () => sliceOnto(proxy, {}),
  'copyOnto, as source': ({ proxy, source }) => () => copyOnto(proxy, 0, source, 0, 1),
  'copyOnto, as dest': ({ proxy, source }) => () => copyOnto(source, 0, proxy, 0, 1),
  view: ({ proxy }) => () => view(proxy),
  hasExternalData: ({ proxy }) => () => hasExternalData(proxy)
}

/** Runs a call while `trap` answers `answer`, and the checks that are always made. Returns how often the trap was called. */
function lieIn (call, trap, answer, makeTarget) {
  let isArmed = false
  let lied = 0
  const proxy = new Proxy(makeTarget(), {
    [trap] (...args) {
      if (!isArmed) return Reflect[trap](...args)
      lied++
      return answer(...args)
    }
  })
  const objects = { proxy, source: alloc(200) }
  const run = calls[call](objects)
  isArmed = true
  errorIn(run)
  isArmed = false
  for (const object of Object.values(objects)) if (hasExternalData(object)) dispose(object)
  assertUsable(proxy)
  return lied
}

/** Each does something in the middle of a call. After it, the trap does what it should. */
const acts = {
  allocate: ({ proxy }) => alloc(2, proxy),
  'allocate many': ({ proxy }) => alloc(100, proxy),
  slice: ({ proxy, bystander }) => sliceOnto(bystander, proxy, 0, 2),
  dispose: ({ proxy }) => dispose(proxy),
  'dispose and allocate': ({ proxy }) => {
    dispose(proxy)
    alloc(4, proxy)
  },
  'dispose the source': ({ source }) => dispose(source),
  'dispose the source and allocate it': ({ source }) => {
    dispose(source)
    alloc(4, source)
  },
  'transfer the memory': ({ proxy }) => detachElsewhere(proxy),
  'prevent extensions': ({ target }) => Object.preventExtensions(target),
  'define an element': ({ target }) => Object.defineProperty(target, 1, { value: 1, configurable: true }),
  'set a prototype': ({ target }) => Object.setPrototypeOf(target, { inherited: 1 }),
  'allocate another': () => dispose(alloc(LARGE, {})),
  collect: () => globalThis.gc()
}
const isOwnKey = (key) => ['0', '1', 'b', 'length', 'name', 'prototype', 'arguments', 'caller'].includes(key)

/** Runs a call in which the first call of `trap` also does what `act` says, and looks at all objects. */
function actIn (call, trap, act, makeTarget, bystander) {
  const target = makeTarget()
  const prototype = Object.getPrototypeOf(target)
  const objects = { target, bystander, source: alloc(200) }
  let isArmed = false
  let hasActed = false
  const proxy = objects.proxy = new Proxy(target, {
    [trap] (...args) {
      if (isArmed) {
        isArmed = false
        hasActed = errorIn(() => acts[act](objects)) === undefined
      }
      return Reflect[trap](...args)
    }
  })
  const run = calls[call](objects)
  isArmed = true
  const thrown = errorIn(run)
  isArmed = false
  const isTaken = hasActed && ['allocate', 'allocate many', 'slice'].includes(act) && /^alloc|^adopt|as dest/.test(call)
  if (isTaken) assert.equal(thrown?.code, 'ERR_INVALID_ARG_VALUE', `${trap}, ${act}: both succeed`)
  if (hasActed) assertHasWhatIsLast(call, trap, act, objects)
  for (const object of [proxy, objects.source]) if (hasExternalData(object)) dispose(object)
  assert.equal(hasExternalData(proxy), false)
  if (act !== 'prevent extensions') {
    assert.deepEqual(Reflect.ownKeys(target).filter((key) => !isOwnKey(key)), [], `${trap}, ${act}`)
    if (act !== 'set a prototype') assert.equal(Object.getPrototypeOf(target), prototype, `${trap}, ${act}`)
  }
  if (Object.isExtensible(target)) assertUsable(proxy)
}

/** Asserts that a Proxy has all its elements or none, and what the act has made of the source. */
function assertHasWhatIsLast (call, trap, act, { proxy, source }) {
  const what = `${trap}, ${act}`
  if (act === 'dispose the source' && /as dest|its source/.test(call)) assert.equal(hasExternalData(proxy), false, what)
  if (hasExternalData(proxy) && act !== 'set a prototype') {
    const last = proxy[view(proxy).length - 1]
    if (call.startsWith('allocUnsafe')) assert.equal(typeof last, 'number', what) // it may have any value
    else assert.equal(last, 0, what)
  }
  if (act === 'dispose the source and allocate it') {
    assert.deepEqual(Object.keys(source), ['0', '1', '2', '3'], what)
    dispose(source)
    assert.deepEqual(source, {}, what)
  }
}

/** The Error that an action throws; undefined where it throws none. */
function errorIn (action) {
  try {
    action()
  } catch (error) {
    assert(error instanceof Error)
    return error
  }
}

const targets = { object: () => ({ 0: 'a', b: 1 }), function: () => function f () {} }

describe('a Proxy', () => {
  let guards, before
  beforeEach(() => {
    before = memoryUsage()
    guards = canaries()
  })
  afterEach(async () => {
    guards.check()
    guards.end()
    await assertNothingIsLost(before)
  })

  for (const call of Object.keys(calls)) {
    it(`whose traps lie in ${call} touches nothing else and can be used later`, () => {
      let lied = 0
      for (const makeTarget of Object.values(targets)) {
        for (const trap of TRAPS) {
          for (const answer of Object.values(lies)) lied += lieIn(call, trap, answer, makeTarget)
        }
      }
      const asks = !/as source|copyOnto|view|hasExternalData/.test(call)
      assert.equal(lied > 0, asks, 'only receivers are asked anything')
    })

    it(`whose traps act in ${call} touches nothing else and can be used later`, () => {
      const bystander = alloc(100, {})
      for (const makeTarget of Object.values(targets)) {
        for (const trap of TRAPS) {
          for (const act of Object.keys(acts)) {
            if (act === 'collect' && (makeTarget !== targets.object || !COLLECTING.includes(trap))) continue // it is slow
            actIn(call, trap, act, makeTarget, bystander)
          }
        }
      }
      assert(hasExternalData(bystander))
      dispose(bystander)
    })
  }
})

for (const length of [3, 100]) {
  it(`a Proxy of which the n-th trap throws while its ${length} elements are disposed is what it was after the second dispose`, () => {
    for (let failAt = 1, isOver = false; !isOver; failAt++) {
      const target = { a: 1 }
      let left = 0
      const trap = (name) => (...args) => {
        if (left > 0 && --left === 0) throw new Error('a trap')
        return Reflect[name](...args)
      }
      const proxy = new Proxy(target, Object.fromEntries(TRAPS.map((name) => [name, trap(name)])))
      alloc(length, proxy)
      left = failAt
      const error = errorIn(() => dispose(proxy))
      if (error !== undefined) assert.equal(error.message, 'a trap')
      assert.equal(hasExternalData(proxy), false)
      isOver = left > 0
      left = 0
      if (!isOver) dispose(proxy)
      assert.deepEqual(Reflect.ownKeys(target), ['a'])
      assert.equal(Object.getPrototypeOf(target), Object.prototype)
    }
  })
}

describe('a subclass of External', () => {
  const hostile = {
    'calls super twice': () => new (class extends External {
      constructor () {
        super(3)
        super(LARGE) // eslint-disable-line constructor-super
      }
    })(),
    'returns another object': () => new (class extends External {
      constructor () {
        super(LARGE)
        return {}
      }
    })(),
    'returns another allocation': () => new (class extends External {
      constructor () {
        super(LARGE)
        return alloc(3, {})
      }
    })(),
    'takes its prototype from a getter that throws': () =>
      Reflect.construct(External, [LARGE], Object.defineProperty(function () {}.bind(), 'prototype', { get () { throw new Error() } })),
    'takes its prototype from a getter that disposes': () => {
      const other = alloc(LARGE)
      const made = Reflect.construct(External, [LARGE], Object.defineProperty(function () {}.bind(), 'prototype', { get: () => dispose(other) }))
      assert.equal(made[0], 0)
      dispose(made)
    }
  }
  for (const [name, make] of Object.entries(hostile)) {
    it(`that ${name} crashes nothing and loses nothing`, async () => {
      const before = memoryUsage()
      const guards = canaries()
      for (let time = 0; time < 20; time++) {
        const error = errorIn(() => {
          const made = make()
          if (made !== undefined && hasExternalData(made)) dispose(made)
        })
        assert.notEqual(error?.code, 'ERR_ASSERTION')
      }
      guards.check()
      guards.end()
      await assertNothingIsLost(before)
    })
  }

  it('is made by another constructor where External itself was given another parent: no crash', () => {
    const parent = Object.getPrototypeOf(External)
    const victim = alloc(100)
    for (const result of [{}, new Proxy({}, { get () { return dispose(victim) } }), new Uint8Array(3), victim, alloc(3, {}), () => {}]) {
      Object.setPrototypeOf(External, function () { return result })
      let made
      errorIn(() => { made = new External(3) })
      Object.setPrototypeOf(External, parent)
      for (const use of [() => made[0], () => copyOnto(made, 0, victim, 0, 1), () => copyOnto(victim, 0, made, 0, 1), () => view(made),
        () => sliceOnto(made, {}), () => hasExternalData(made), () => dispose(made)]) errorIn(use)
    }
    assert.equal(new External(3)[2], 0)
  })

  it('makes more of its kind by the methods of typed arrays, each with memory of its own', () => {
    class Bytes extends External {}
    const made = Bytes.of(1, 2, 3)
    const copies = [Bytes.from([1, 2, 3]), Uint8Array.prototype.slice.call(made), Uint8Array.prototype.map.call(made, (x) => x)]
    dispose(made)
    for (const copy of copies) {
      assert(copy instanceof Bytes)
      assert.deepEqual([copy[0], copy[2], hasExternalData(copy)], [1, 3, true])
      dispose(copy)
      assert.equal(copy[0], undefined)
    }
    assert.throws(() => Uint8Array.prototype.subarray.call(Bytes.of(1), 0), TypeError)
  })
})
