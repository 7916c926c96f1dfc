'use strict'

// An addon that is built for this (src/testing/faults.rs) refuses what Rust asks of the system: each allocation, each mapping
// and each thread in turn. The only result may be a RangeError, and everything works after the fault.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { platformNames } = require('../../lib/native/platform')
const { answerOf, outputOf } = require('../support/child')
const { long } = require('../support/long')
const { isEngineMemory } = require('../support/runtime')

const AT_A_TIME = 3
const ROOT = path.join(__dirname, '..', '..')
const TARGET = path.join(ROOT, 'target', 'faults')
const libraries = { darwin: 'libsmalloc.dylib', win32: 'smalloc.dll' }

/** Builds the addon, which takes a minute the first time, and a second after that. Resolves to its path. */
async function build () {
  const command = ['cargo', 'build', '--lib', '--locked', '--features', 'faults', '--target-dir', TARGET]
  // Optimized a little, so that copies of 128 MiB take no seconds. A release build does not take the feature.
  await outputOf(command, { cwd: ROOT, env: { CARGO_PROFILE_DEV_OPT_LEVEL: '1' }, timeout: 600_000 })
  return path.join(TARGET, 'debug', libraries[process.platform] ?? 'libsmalloc.so')
}

long.describe('a fault', function () {
  let folder

  before('cargo builds the addon with the feature faults', async function () {
    this.timeout(600_000)
    // tools/platforms.js runs the test where there is no cargo.
    const addon = process.env.SMALLOC_FAULTS_ADDON ?? await build()
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-faults-'))
    for (const name of ['index.js', 'package.json', 'lib']) {
      fs.cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true })
    }
    fs.copyFileSync(addon, path.join(folder, `smalloc.${platformNames()[0]}.node`))
  })

  after(() => fs.rmSync(folder, { recursive: true, force: true }))

  const none = { allocations: 0, mappings: 0, threads: 0 }
  const flags = ['--expose-gc']
  const answer = (scenario, lasts, rounds) => answerOf('faults.js', [folder, scenario, lasts, ...rounds], { flags })

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

  for (const scenario of ['each function', 'each function in a worker']) {
    const isLent = !isEngineMemory && scenario === 'each function'

    for (const lasts of [false, true]) {
      // A call that gets no memory gives back the cache and asks again.
      const expected = lasts ? ['ERR_MEMORY_ALLOCATION_FAILED', 'right'] : ['right']

      it(`in ${scenario}, ${lasts ? 'lasting' : 'once'}: the answer is ${expected.join(' or ')}, and all is well after it`, async function () {
        this.timeout(300_000)
        const rounds = await inTurn(scenario, lasts)
        assert(total(rounds, 'mappings') >= 2)
        const isEach = total(rounds, 'allocations') >= 3 && (lasts ? total(rounds, 'threads') >= 1 : total(rounds, 'threads') === 1)
        if (isLent) assert(isEach, JSON.stringify(rounds))
        assert.deepEqual([...new Set(rounds.flatMap(({ outcomes }) => outcomes))].sort(), expected)
      })
    }
  }

  it('in each function, again and again in one process: as in the first round', async function () {
    this.timeout(600_000)
    const count = 500
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
      assert.deepEqual(next.refused, none)
    })

    it('while blocks come back from the collector: they come back, which asks for nothing', async () => {
      for (const lasts of [false, true]) {
        const [{ refused }] = await answer('finalizers', lasts, [1])
        assert.deepEqual(refused, none)
      }
    })
  }

  it('while idle memory goes back to the system: it goes back, which asks for nothing', async () => {
    const [{ refused }] = await answer('the purge', true, [1])
    assert.deepEqual(refused, none)
  })

  it('while a worker loads the addon: it loads, which asks for nothing', async () => {
    const [{ refused }] = await answer('loading in a worker', true, [1])
    assert.deepEqual(refused, none)
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
