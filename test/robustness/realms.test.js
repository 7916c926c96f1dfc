'use strict'

// Objects of another context, which have other constructors and prototypes, and typed arrays over memory that changes its
// size or is shared: as receiver, source and dest.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const vm = require('node:vm')
const { markAsUntransferable } = require('node:worker_threads')
const { alloc, copyOnto, dispose, hasExternalData, sliceOnto, Types, view } = require('../..')
const { elementsOf, fill, toElement, typedArrays } = require('../support/elements')
const { errorOf } = require('../support/errors')
const { canaries } = require('../support/invariants')
const { snapshotOf, assertUnchanged } = require('../support/snapshot')

const context = vm.createContext({})
const there = (source) => vm.runInContext(source, context)

describe('an object of another context', () => {
  let guards
  before(() => { guards = canaries() })
  after(() => {
    guards.check()
    guards.end()
  })

  const makers = ['({ 0: "a", b: 1 })', '(function f () {})', '(() => {})', '(class extends Map {})', 'new Map()', 'new Date(0)', '/a/', 'new Error()',
    'Object.create(null)', 'new Proxy({}, {})', '(function () { return arguments })(1, 2)', 'new ArrayBuffer(3)', 'Object(1)', 'Promise.resolve()']
  for (const maker of makers) {
    for (const length of [3, 100]) {
      it(`${maker} takes ${length} elements and is what it was after dispose`, () => {
        const object = there(maker)
        const prototype = Object.getPrototypeOf(object)
        alloc(length, object, Types.Int16)
        object[2] = 40000
        assert.equal(object[2], 40000 - 65536)
        assert.equal(view(object).constructor, Int16Array)
        const slice = there('({})')
        sliceOnto(object, slice, 2)
        assert.equal(slice[0], object[2])
        dispose(object)
        assert.equal(hasExternalData(slice), false)
        assert.equal(0 in object, false)
        assert.equal(Object.getPrototypeOf(object), prototype)
      })
    }
  }

  for (const maker of ['[1]', 'new Uint8Array(3)', 'new DataView(new ArrayBuffer(3))', 'new Float64Array(1)', 'Object.freeze({})', 'Object("x")']) {
    it(`${maker} is refused as a receiver and stays what it is`, () => {
      const object = there(maker)
      const before = snapshotOf(object)
      assert.equal(errorOf(() => alloc(3, object)).code, 'ERR_INVALID_ARG_VALUE')
      assert.equal(errorOf(() => sliceOnto(alloc(3), object)).code, 'ERR_INVALID_ARG_VALUE')
      assertUnchanged(object, before)
    })
  }

  for (const [type, { name, BYTES_PER_ELEMENT }] of Object.entries(typedArrays)) {
    it(`a ${name} is a source and a dest, and is not disposed`, () => {
      const numbers = (...values) => values.map((number) => toElement(type, number))
      const foreign = there(`new ${name}([1, 2, 3, 4]${/^Big/.test(type) ? '.map(BigInt)' : ''})`)
      const ours = alloc(4, Types[type])
      copyOnto(foreign, 1, ours, 0, 3)
      assert.deepEqual(elementsOf(ours, 4), numbers(2, 3, 4, 0))
      copyOnto(ours, 0, foreign, 2, 2)
      assert.deepEqual([...foreign], numbers(1, 2, 2, 3))
      assert.equal(errorOf(() => copyOnto(ours, 0, foreign, 1, 4)).code, 'ERR_OUT_OF_RANGE')
      const slice = {}
      sliceOnto(foreign, slice, 1, 3)
      foreign[1] = toElement(type, 9)
      assert.equal(slice[0], toElement(type, 9))
      assert.equal(view(slice).byteLength, 2 * BYTES_PER_ELEMENT)
      assert.equal(errorOf(() => dispose(foreign)).code, 'ERR_INVALID_ARG_VALUE')
    })
  }
})

describe('a typed array over memory that changes its size', () => {
  const resizable = () => new ArrayBuffer(8, { maxByteLength: 32 })
  const growable = () => new SharedArrayBuffer(8, { maxByteLength: 32 })
  const bytes = (buffer) => fill(new Uint8Array(buffer), [1, 2, 3, 4, 5, 6, 7, 8])

  for (const [name, make] of [['resizable', resizable], ['growable shared', growable]]) {
    it(`${name}: is a source and a dest of the length that it has now`, () => {
      const array = bytes(make())
      const other = alloc(40)
      copyOnto(array, 0, other, 0, 8)
      assert.equal(errorOf(() => copyOnto(array, 0, other, 0, 9)).code, 'ERR_OUT_OF_RANGE')
      if (array.buffer.resize) array.buffer.resize(32)
      else array.buffer.grow(32)
      copyOnto(other, 0, array, 24, 8)
      assert.deepEqual([...array.subarray(24)], [1, 2, 3, 4, 5, 6, 7, 8])
      assert.equal(errorOf(() => copyOnto(other, 0, array, 25, 8)).code, 'ERR_OUT_OF_RANGE')
    })
  }

  it('leaves its slices in their window, without what is out of bounds', () => {
    for (const length of [4, 100]) {
      const buffer = new ArrayBuffer(200, { maxByteLength: 400 })
      const source = new Uint8Array(buffer).fill(1)
      const slice = {}
      sliceOnto(source, slice, 4, 4 + length)
      assert.equal(slice[length - 1], 1)
      buffer.resize(6)
      assert.deepEqual(elementsOf(slice, length), Array(length).fill(undefined))
      assert.equal(errorOf(() => copyOnto(slice, 0, source, 0, 1)).code, 'ERR_OUT_OF_RANGE')
      slice[0] = 9
      buffer.resize(400)
      assert.equal(slice[3], 0)
      dispose(slice)
      assert.deepEqual([Reflect.ownKeys(slice).filter((key) => key !== '0'), Object.getPrototypeOf(slice)], [[], Object.prototype])
      assert.equal(source.length, 400)
    }
  })

  it('that fell out of bounds has no elements in any call', () => {
    const buffer = resizable()
    const array = new Uint8Array(buffer, 4, 4)
    buffer.resize(2)
    assert.equal(errorOf(() => copyOnto(array, 0, alloc(3), 0, 1)).code, 'ERR_OUT_OF_RANGE')
    assert.equal(errorOf(() => copyOnto(alloc(3), 0, array, 0, 1)).code, 'ERR_OUT_OF_RANGE')
    copyOnto(array, 0, alloc(3), 0, 0)
    assert.equal(view(array).length, 0)
    const slice = {}
    sliceOnto(array, slice)
    assert.equal(0 in slice, false)
    dispose(slice)
    assert.equal(errorOf(() => alloc(3, array)).code, 'ERR_INVALID_ARG_VALUE')
    buffer.resize(32)
    assert.equal(array.length, 4)
  })
})

describe('the package in a context that has the memory classes of the main one, as each test file of Jest has', () => {
  const smalloc = loadWithin(vm.createContext({ ArrayBuffer, Buffer, process, Uint8Array }))

  for (const length of [3, 100, 1 << 20]) {
    it(`frees, moves and takes back ${length} bytes, and knows what was disposed`, () => {
      for (const object of [smalloc.alloc(length), smalloc.alloc(length, { name: 'o' })]) {
        smalloc.dispose(object)
        smalloc.dispose(object)
        assert.equal(smalloc.hasExternalData(object), false)
        assert.equal(0 in object, false)
        assert.throws(() => smalloc.view(object), { code: 'ERR_NO_EXTERNAL_DATA' })
      }
      const source = smalloc.alloc(length)
      source[2] = 7
      const adopted = smalloc.adopt(smalloc.release(source), {})
      assert.equal(adopted[2], 7)
      smalloc.dispose(adopted)
      assert.equal(smalloc.hasExternalData(adopted), false)
    })
  }

  it('refuses what cannot be detached by an error with a code', () => {
    const marked = new ArrayBuffer(100)
    markAsUntransferable(marked)
    for (const arrayBuffer of [marked, new WebAssembly.Memory({ initial: 1 }).buffer]) {
      assert.throws(() => smalloc.disposeBuffer(arrayBuffer), { code: 'ERR_INVALID_ARG_VALUE' })
      assert.throws(() => smalloc.adopt(arrayBuffer), { code: 'ERR_INVALID_ARG_VALUE' })
    }
  })

  /** Loads the package's files as functions of the context, and everything else as usual. */
  function loadWithin (context) {
    const loaded = new Map()
    const load = (file) => {
      if (/\.(json|node)$/.test(file)) return require(file)
      if (loaded.has(file)) return loaded.get(file).exports
      const module = { exports: {} }
      loaded.set(file, module)
      const wrapped = `(function (module, exports, require, __dirname, __filename) {${fs.readFileSync(file, 'utf8')}\n})`
      const requireFrom = (name) => /^[./]/.test(name) ? load(require.resolve(path.resolve(path.dirname(file), name))) : require(name)
      vm.runInContext(wrapped, context, { filename: file })(module, module.exports, requireFrom, path.dirname(file), file)
      return module.exports
    }
    return load(require.resolve('../..'))
  }
})
