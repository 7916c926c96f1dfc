'use strict'

const assert = require('node:assert/strict')
const { answerOf, runText } = require('../support/child')
const { COUNT, kinds } = require('../support/programs/dropped')
const { isEngineMemory } = require('../support/runtime')

const MiB = 2 ** 20

describe('the collector', () => {
  let answers
  before(async () => { answers = await answerOf('dropped.js', [], { flags: ['--expose-gc'] }) })

  for (const kind of kinds) {
    it(`returns the memory of each ${kind}, knows of its bytes, and counts them once: memoryUsage() is exactly what it was`, () => {
      const { first, before, held, after, accounted } = answers[kind]
      assert.equal(first, 0)
      const isSmall = kind.startsWith('small')
      const lent = isEngineMemory || isSmall ? 0 : COUNT
      assert.deepEqual(held, { blocks: before.blocks + lent, bytes: before.bytes + lent * MiB })
      assert.deepEqual(after, before)
      const external = isSmall ? 0 : COUNT * MiB
      assert(Math.abs(accounted - external) < MiB / 2, `${accounted} bytes for ${external}`)
    })
  }

  it('takes the store of AsyncLocalStorage in which the first memory was disposed, although memory still waits', async () => {
    const { stdout, stderr } = await runText(`
      require('node:v8').setFlagsFromString('--expose-gc')
      globalThis.gc = require('node:vm').runInNewContext('gc')
      const { AsyncLocalStorage } = require('node:async_hooks')
      const { alloc, dispose } = require('.')
      const { collect } = require('./test/support/collect')
      const storage = new AsyncLocalStorage()
      const disposeOne = () => dispose(alloc(1000))
      const store = new WeakRef(storage.run({}, () => { disposeOne(); return storage.getStore() }))
      const busy = setInterval(disposeOne, 20)
      collect(20).then(() => {
        clearInterval(busy)
        console.log(store.deref())
      })
    `)
    assert.equal(stdout, 'undefined\n', stderr)
  })
})
