'use strict'

const assert = require('node:assert/strict')
const { markAsUntransferable } = require('node:worker_threads')
const { adopt, alloc, allocUnsafe, dispose, hasExternalData, memoryUsage, release, sliceOnto, view } = require('../..')
const { runText } = require('../support/child')
const { errorOf } = require('../support/errors')
const { kinds } = require('../support/kinds')
const { isEngineMemory } = require('../support/runtime')

const MiB = 2 ** 20

const makers = {
  ...kinds,
  'an unsafe object': (length) => allocUnsafe(length),
  'a class that has a parent': (length) => alloc(length, class A extends Map {}),
  'a Proxy': (length) => alloc(length, new Proxy({}, {}))
}

describe('release', () => {
  for (const [kind, make] of Object.entries(makers)) {
    it(`returns exactly the bytes of ${kind}, and leaves the object as disposed: a receiver may be allocated again`, () => {
      for (const size of [0, 1, 64, 65, 1000, 128 * 2 ** 10, MiB]) {
        const object = make(size)
        const bytes = view(object).fill(7)
        const slice = sliceOnto(object, {})
        const arrayBuffer = release(object)
        assert.equal(Object.getPrototypeOf(arrayBuffer), ArrayBuffer.prototype)
        assert(Buffer.from(arrayBuffer).equals(Buffer.alloc(size, 7)))
        assert.deepEqual([bytes.length, hasExternalData(object), 0 in object], [0, false, false])
        assert.deepEqual(Reflect.ownKeys(slice), [])
        assert.throws(() => view(object), /: its memory was disposed or released$/)
        dispose(object) // nothing
        if (!ArrayBuffer.isView(object)) dispose(alloc(size, object))
      }
    })
  }

  it('gives memory that no later allocation has', () => {
    for (const size of [1000, MiB]) {
      const bytes = new Uint8Array(release(alloc(size))).fill(1)
      const others = Array.from({ length: 10 }, () => alloc(size))
      for (const other of others) view(other).fill(2)
      assert(bytes.every((byte) => byte === 1))
      others.forEach(dispose)
    }
  })

  it('leaves memory of Rust\'s among what memoryUsage() counts until somebody frees it', () => {
    if (isEngineMemory) return
    const { bytes } = memoryUsage()
    const arrayBuffer = release(alloc(MiB))
    // On Node 20 release copies the bytes and frees the block.
    assert.equal(memoryUsage().bytes, bytes + (arrayBuffer.transfer === undefined ? 0 : MiB))
    dispose(adopt(arrayBuffer))
    assert.equal(memoryUsage().bytes, bytes)
  })

  it('returns the memory although a trap throws, and the next call puts right what is left', () => {
    let throws = false
    const handler = {
      deleteProperty (target, key) {
        if (throws) throw new Error('on purpose')
        return Reflect.deleteProperty(target, key)
      }
    }
    const target = {}
    const receiver = alloc(10, new Proxy(target, handler))
    throws = true
    assert.equal(release(receiver).byteLength, 10)
    assert.equal(receiver[0], undefined)
    throws = false
    dispose(receiver)
    assert.deepEqual(Reflect.ownKeys(target), [])
  })

  it('refuses what is marked as untransferable, and leaves it', () => {
    for (const receiver of [undefined, {}]) {
      const object = alloc(1000, receiver)
      markAsUntransferable(view(object).buffer)
      assert.match(errorOf(() => release(object)).message, /untransferable/)
      assert.equal(object[999], 0)
    }
  })

  it('throws if Node 20 must copy and there is no memory, and leaves the object and what the engine needs', async function () {
    if (ArrayBuffer.prototype.transfer || process.platform !== 'linux') this.skip() // others copy nothing; ulimit is Linux's
    const { code, signal, stdout, stderr } = await runText(`
      const { alloc, hasExternalData, release } = require('.')
      const objects = []
      try {
        for (;;) objects.push(alloc(16 << 20))
      } catch (error) {}
      try {
        for (const object of objects) release(object)
      } catch (error) {
        console.log(error.name, error.code, objects.some(hasExternalData))
      }
      for (let i = 0, some = []; i < 1e6; i++) some = i % 1e5 === 0 ? [] : [...some.slice(-10), { i }]
      console.log('goes on')
    `, { addressSpace: 2_500_000, env: { SMALLOC_ENGINE_MEMORY: '' } })
    assert.deepEqual([code, signal, stdout], [0, null, 'RangeError ERR_MEMORY_ALLOCATION_FAILED true\ngoes on\n'], stderr)
  })
})
