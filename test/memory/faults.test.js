'use strict'

// An addon that is built for this (src/testing/faults.rs) refuses what Rust asks of the system: each allocation, each mapping
// and each thread in turn. The only result may be a RangeError, and everything works after the fault.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const { answerOf, run } = require('../support/child')
const { buildPackage } = require('../support/faults')
const { long } = require('../support/long')

const isEngineMemory = process.env.SMALLOC_ENGINE_MEMORY === '1'
const AT_A_TIME = 3

long.describe('a fault', function () {
  let folder

  before('cargo builds the addon with the feature faults', async function () {
    this.timeout(600_000)
    folder = await buildPackage()
  })

  after(() => fs.rmSync(folder, { recursive: true, force: true }))

  const flags = ['--expose-gc']
  const programArgs = (scenario, lasts, rounds) => [folder, scenario, lasts, ...rounds]
  const answer = (scenario, lasts, rounds) =>
    answerOf('faults.js', programArgs(scenario, lasts, rounds), { flags, timeout: 280_000 })

  /** Runs the scenario in one process after the other: the first refuses the 1st request, the next the 2nd, until none is left. */
  async function inTurn (scenario, lasts) {
    const rounds = []
    for (let first = 1; ; first += AT_A_TIME) {
      const batch = Array.from({ length: AT_A_TIME }, (_, number) => answer(scenario, lasts, [first + number]))
      for (const [round] of await Promise.all(batch)) rounds.push(round)
      if (sum(rounds.at(-1).refused) === 0) return rounds
    }
  }

  const sum = ({ allocations, mappings, threads }) => allocations + mappings + threads
  const total = (rounds, kind) => rounds.reduce((sum, { refused }) => sum + refused[kind], 0)
  const outcomes = (rounds) => new Set(rounds.flatMap(({ outcomes }) => outcomes))

  for (const scenario of ['each function', 'each function in a worker']) {
    const isLent = !isEngineMemory && scenario === 'each function'

    it(`in ${scenario}, once: the answer is right, and all is well after it`, async function () {
      this.timeout(300_000)
      const rounds = await inTurn(scenario, false)
      assert(total(rounds, 'mappings') >= 2)
      if (isLent) assert(total(rounds, 'allocations') >= 3 && total(rounds, 'threads') === 1, JSON.stringify(rounds))
      // A call that gets no memory gives back the cache and asks again.
      assert.deepEqual([...outcomes(rounds)], ['right'])
    })

    it(`in ${scenario}, lasting: the answer is right or a RangeError, and all is well after it`, async function () {
      this.timeout(300_000)
      const rounds = await inTurn(scenario, true)
      assert(total(rounds, 'mappings') >= 2)
      if (isLent) assert(total(rounds, 'allocations') >= 3 && total(rounds, 'threads') >= 1, JSON.stringify(rounds))
      assert.deepEqual([...outcomes(rounds)].sort(), ['ERR_MEMORY_ALLOCATION_FAILED', 'right'])
    })
  }

  it('in each function, again and again in one process: as in the first round', async function () {
    this.timeout(600_000)
    const count = 1000
    for (const lasts of [false, true]) {
      const rounds = await answer('each function', lasts, Array.from({ length: count }, (_, n) => n * 7 % 59 + 1))
      assert.equal(rounds.length, count)
      assert(total(rounds, 'mappings') >= 2)
    }
  })

  if (!isEngineMemory) {
    it('in a copy on two threads: one does it all', async () => {
      const [round, next] = await inTurn('a copy on two threads', false)
      assert.deepEqual(round.refused, { allocations: 0, mappings: 0, threads: 1 })
      assert.deepEqual(next.refused, { allocations: 0, mappings: 0, threads: 0 })
    })

    it('while blocks come back from the collector: they come back, which asks for nothing', async () => {
      for (const lasts of [false, true]) {
        const [{ refused }] = await answer('finalizers', lasts, [1])
        assert.deepEqual(refused, { allocations: 0, mappings: 0, threads: 0 })
      }
    })
  }

  it('while idle memory goes back to the system: it goes back, which asks for nothing', async () => {
    const [{ refused }] = await answer('the purge', true, [1])
    assert.deepEqual(refused, { allocations: 0, mappings: 0, threads: 0 })
  })

  // napi-rs allocates 40 bytes for each environment, and aborts without them: create_custom_gc in its module_register.rs.
  it('while a worker loads the addon: ends the process where napi-rs has no memory, and nowhere else', async () => {
    let ended = 0
    for (let nth = 1; ; nth++) {
      const { answer, stderr, code, signal } =
        await run('faults.js', programArgs('loading in a worker', false, [nth]), { flags })
      if (answer !== undefined) {
        assert.deepEqual(answer[0].refused, { allocations: 0, mappings: 0, threads: 0 })
        break
      }
      assert.match(stderr, /^memory allocation of \d+ bytes failed/, `${nth}: ${signal ?? code}`)
      ended++
    }
    // On Deno, napi-rs formats a message as well.
    const isNode = process.versions.bun === undefined && process.versions.deno === undefined
    if (isNode) assert.equal(ended, 1)
  })
})

describe('the addon that is shipped', () => {
  it('has no faults in it', () => {
    const addon = require('../../lib/native/addon')
    assert.deepEqual(Object.keys(addon).filter((name) => /fault/i.test(name)), [])
    const [file] = Object.keys(require.cache).filter((name) => name.endsWith('.node'))
    assert.equal(fs.readFileSync(file).includes('faultsBegin'), false)
  })
})
