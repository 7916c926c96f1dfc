'use strict'

const assert = require('node:assert/strict')
const os = require('node:os')
const { answerOf, run } = require('../support/child')
const { isLong, quick } = require('../support/long')
const { ends: processEnds } = require('../support/programs/ends')
const { ends } = require('../support/programs/workers')
const { isEngineMemory } = require('../support/runtime')

const timeout = isLong ? 600_000 : 50_000
const MiB = 2 ** 20

const exitCodes = {
  exits: 0,
  'exits after much work': 0,
  'calls process.exit': 3
}
const errors = {
  throws: ['on purpose'],
  'rejects a promise': ['on purpose'],
  'runs out of heap': ['ERR_WORKER_OUT_OF_MEMORY']
}

describe('a worker that holds memory', () => {
  const copySize = quick(2 ** 30, 160 * MiB)
  const right = (end) => ({ exitCode: exitCodes[end] ?? 1, errors: errors[end] ?? [], sum: 10 })

  for (const end of ends) {
    it(`and ${end} leaves memoryUsage() and all other bytes as they were`, async function () {
      this.timeout(timeout + 5000)
      // Two blocks to copy, and as much again for everything else.
      if (end.endsWith('copies') && os.freemem() < 4 * copySize) this.skip(`less than ${4 * copySize} bytes are free`)
      const count = end.includes(' while ') ? quick(8, 2) : quick(3, 1)
      const { results, before, after } = await answerOf('workers.js', [end, count, '', copySize], { timeout })
      assert.deepEqual(results, Array(count).fill(right(end)))
      assert.deepEqual(after, before)
    })
  }

  for (const end of ['exits', 'exits after much work']) {
    it(`and ${end} leaves memoryUsage() as it was, with four at the same time: each has its memory from the engine`, async () => {
      const { results, before, most, after } = await answerOf('workers.js', [end, 4, 'together'])
      assert.deepEqual(results, Array(4).fill(right(end)))
      assert.deepEqual(most, before)
      assert.deepEqual(after, before)
    })
  }
})

describe('the addon loaded and unloaded', () => {
  for (const mode of ['only workers', 'main first']) {
    for (const atATime of quick([1, 8], [8])) {
      const count = atATime === 1 ? 20 : quick(1000, 16)
      const who = mode === 'main first' ? 'the main thread and then in' : 'nothing but'

      it(`in ${who} ${count} workers, ${atATime} at a time: works in each, and leaves nothing behind`, async function () {
        this.timeout(timeout + 5000)
        const { answers, early, late, usage } = await answerOf('load-in-workers.js', [count, atATime, mode], { timeout })
        assert.deepEqual(answers, Array(count).fill(0))
        // The purge thread starts when there is something to purge.
        assert(late.threads <= early.threads + 1, JSON.stringify({ early, late }))
        assert(late.mappings <= early.mappings + 80, JSON.stringify({ early, late }))
        assert(late.resident <= early.resident + 32 * MiB, JSON.stringify({ early, late }))
        if (mode === 'main first') assert.deepEqual(usage, isEngineMemory ? { blocks: 0, bytes: 0 } : { blocks: 1, bytes: MiB })
      })
    }
  }

  // Node closes it with the only environment that has loaded it. Its purge thread, and with SMALLOC_GUARD=1 its handler of
  // faults, would then be unmapped code.
  for (const [guard, waiting] of [['', 64 * MiB], ['1', 0]]) {
    it(`in nothing but a worker, with SMALLOC_GUARD='${guard}': the process goes on after it`, async () => {
      const { alive, ...answer } = await answerOf('outlives-worker.js', [], { timeout, env: { SMALLOC_GUARD: guard } })
      assert.deepEqual(answer, { copied: 7, idleBytes: waiting, fault: 'RuntimeError' })
      assert(alive > 0)
    })
  }
})

describe('a process that ends while everything is held, in two threads', () => {
  const cases = Object.keys(processEnds).map((end) => [end])
  for (const end of ['process.exit(7)', 'process.abort()', 'SIGTERM to itself']) cases.push([end, 'copies'], [end, 'allocates'])

  for (const [end, activity] of cases) {
    const [expected] = processEnds[end]
    const isSignal = typeof expected === 'string'
    if (isSignal && process.platform === 'win32') continue // there are no signals: who ends there leaves a code
    it(`by ${end}${activity ? ` while a worker ${activity}` : ''}: ends by ${expected}`, async () => {
      const { code, signal, stderr } = await run('ends.js', activity ? [end, activity] : [end], { flags: ['--expose-gc'] })
      assert.deepEqual([code, signal], isSignal ? [null, expected] : [expected, null])
      if (code === 7) assert.equal(stderr, '')
      if (code === 1) assert.match(stderr, /error: on purpose/i)
    })
  }
})
