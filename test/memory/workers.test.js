'use strict'

const assert = require('node:assert/strict')
const os = require('node:os')
const { answerOf, run } = require('../support/child')
const { isLong, quick } = require('../support/long')
const { ends } = require('../support/programs/ends')
const { COPY_SIZE } = require('../support/programs/workers')
const { isEngineMemory } = require('../support/runtime')

const timeout = isLong ? 600_000 : 50_000
const MiB = 2 ** 20

/** How a worker ends, with its exit code and its errors. Those of a row end in one process; a runtime may be unable to do a row. */
const rows = [
  { exits: [0], 'exits after much work': [0] },
  { 'runs out of heap': [1, 'ERR_WORKER_OUT_OF_MEMORY'] },
  { 'calls process.exit': [3], throws: [1, 'on purpose'], 'rejects a promise': [1, 'on purpose'], 'is terminated': [1] },
  {
    'is terminated while it allocates and drops': [1],
    'is terminated while it allocates and disposes': [1],
    'is terminated while it attaches': [1],
    'is terminated while it fills': [1]
  },
  { 'is terminated while it copies': [1] }
]

/** Asserts that all workers end as the row says, and that memoryUsage() is what it was. Resolves to the answers, by end. */
async function endAll (row, count, atATime) {
  const answers = await answerOf('workers.js', [count, atATime, ...Object.keys(row)], { timeout })
  for (const [end, [exitCode, ...errors]] of Object.entries(row)) {
    const { results, before, after } = answers[end]
    assert.deepEqual({ end, results, after }, { end, results: Array(count).fill({ exitCode, errors, sum: 10 }), after: before })
  }
  return answers
}

describe('a worker that holds memory', () => {
  for (const row of rows) {
    const ends = Object.keys(row).join(', or ')

    it(`and ${ends}: leaves memoryUsage() and all other bytes as they were`, async function () {
      this.timeout(timeout + 5000)
      // Two blocks to copy, and as much again for everything else.
      if (ends.endsWith('copies') && os.freemem() < 4 * COPY_SIZE) this.skip(`less than ${4 * COPY_SIZE} bytes are free`)
      await endAll(row, quick(ends.includes(' while ') ? 8 : 3, 1), 1)
    })
  }

  it('and exits, with four at the same time: each has its memory from the engine', async () => {
    const { exits, ...other } = rows[0]
    const answers = await endAll(quick({ exits, ...other }, other), 4, 4)
    for (const { before, most } of Object.values(answers)) assert.deepEqual(most, before)
  })
})

describe('the addon loaded and unloaded', () => {
  for (const mode of quick(['only workers', 'main first'], ['main first'])) {
    for (const [count, atATime] of quick([[20, 1], [1000, 8]], [[6, 3]])) {
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
  const cases = quick([
    ...Object.keys(ends).map((end) => [end]),
    ['process.exit(7)', 'copies'],
    ['process.exit(7)', 'allocates'],
    ['process.abort()', 'copies']
  ], [
    ['process.exitCode = 7'],
    ['process.exit(7)', 'allocates'],
    ['process.exit(7) within a finalizer'],
    ['an exception that nobody catches, in the worker'],
    ['process.abort()', 'copies']
  ])

  for (const [end, activity] of cases) {
    const [expected] = ends[end]
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
