'use strict'

// The soak itself: a short one must end well, and each of its watchers must see what it is there for.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const fc = require('fast-check')
const { run } = require('../support/child')
const { isLong, long, quick } = require('../support/long')
const { growthOf, measure, OBJECTS, RESIDENT } = require('../../tools/soak/memory')
const { countersOfAll, sharedCounters } = require('../../tools/soak/shared')
const { run: runSequence } = require('./runner')
const { BURST_BYTES, EDGE_BYTES, soakSequences } = require('./sequences')
const { Statistics } = require('./statistics')
const { isEngineMemory } = require('../support/runtime')

const MiB = 2 ** 20

const soak = (...args) => run(path.join(__dirname, '..', '..', 'tools', 'soak.js'), ['--seed', '7', ...args])

long.describe('soak', () => {
  it('runs for a short time, holds nothing in the end, and says what it did', async () => {
    const { code, stdout, stderr } = await soak('--minutes', '0.08', '--checkpoints', '2', '--rest', '1.3')
    assert.equal(code, 0, stdout + stderr)
    assert.match(stdout, /^soak of 0\.08 minutes on the main thread and 4 workers, seed 7\n/)
    assert.match(stdout, /^2\/2 .* MiB resident, .* 0 bytes lent, \d+ steps, .* [1-9]\d* workers replaced$/m)
  })

  describe('fails, and names the seed, on', () => {
    const short = ['--workers', '1', '--minutes', '0.05', '--checkpoints', '1', '--rest', '0.1']
    const grows = ['--workers', '1', '--minutes', '0.05', '--checkpoints', '7', '--rest', '0.6']
    const failures = [
      ['a wrong byte of the main thread', ['--plant', '0:a wrong byte', ...short],
        /^the main thread: Error: sequence \d+ of round 0: o\d+: .* instead of /m],
      ['a wrong byte of a worker', ['--plant', '1:a wrong byte', ...short],
        /^thread 1, life 0: Error: sequence \d+ of round 0: o\d+: .* instead of /m],
      ['a leak of the main thread', ['--plant', '0:a leak', ...grows],
        isEngineMemory ? /^resident bytes .* have grown/m : /^with nothing held, memoryUsage\(\) says that \d+ blocks/m],
      ['a leak of a worker', ['--plant', '1:a leak', ...grows], /^resident bytes .* have grown from \d+ to \d+/m],
      ['much memory that stays', ['--plant', '1:much kept', ...short],
        /^with nothing held, \d+ bytes .*are resident, more/m],
      ['a main thread that stands still', ['--plant', '0:a stall', '--stall', '15', ...short],
        /^thread 0 has stood still for \d+ s/m],
      ['a worker that stands still', ['--plant', '1:a stall', '--stall', '15', ...short],
        /^thread 1 has stood still for \d+ s/m],
      ['an error that is not thrown', ['--plant', '1:a wrong error', ...short],
        /^thread 1, life 0: .*alloc\(.*: TypeError instead of /m],
      ['a worker that ends', ['--plant', '1:an end', ...short], /^thread 1, life 0, has ended by itself, with code 0/m],
      ['a crash', ['--plant', '1:a crash', ...short], /it ended with/],
      ['memory that nobody holds', ['--allowance', '1', ...short],
        /MiB are resident, \d+ MiB are held: more than 1 MiB/]
    ]
    for (const [name, args, message] of failures) {
      it(name, async () => {
        const { code, stdout, stderr } = await soak(...args)
        assert.equal(code, 1, stdout + stderr)
        assert.match(stderr, message)
        assert.match(stderr, /The soak has failed: .*: npm run soak -- --minutes 0\.05 --seed 7 --workers 1$/m)
      })
    }
  })
})

/** The value of a constant, by its name, in a file of lib/ or src/. */
function constantOf (file, name) {
  const source = fs.readFileSync(path.join(__dirname, '..', '..', file), 'utf8')
  const [, base, shift = '0'] = new RegExp(`const ${name}(?:: \\w+)? = (?:.* \\? \\d+ : )?([\\d_]+)(?: << (\\d+))?`).exec(source) ?? []
  return Number(base?.replaceAll('_', '')) * 2 ** Number(shift)
}

describe('the sequences of a soak', function () {
  this.timeout(300_000)

  it('agree with the model, and every kind of call is carried out', async () => {
    const statistics = new Statistics()
    for (const sequence of fc.sample(soakSequences, { seed: 1, numRuns: quick(120, 25) })) {
      await runSequence(sequence, { count: statistics.count })
    }
    if (isLong) assert.deepEqual(statistics.missing(), [])
  })

  it('have the thresholds of lib/ and src/, and more than Rust lends in one turn', () => {
    assert.deepEqual(EDGE_BYTES, {
      heap: constantOf('lib/memory/backing-store.js', 'IN_HEAP_BYTES'),
      crossover: constantOf('lib/memory/backing-store.js', 'CROSSOVER_BYTES'),
      hugePage: constantOf('src/memory/pages.rs', 'HUGE_PAGE_BYTES'),
      stream: constantOf('src/copy.rs', 'MIN_STREAM_BYTES'),
      split: constantOf('src/copy.rs', 'MIN_SPLIT_BYTES')
    })
    assert(BURST_BYTES > constantOf('src/budget.rs', 'MAX_BYTES_PER_TURN'))
  })
})

describe('growth of a soak', () => {
  const steps = { [RESIDENT]: 4 * MiB, 'bytes of address space': 200 * MiB, threads: 1, mappings: 30, [OBJECTS]: MiB / 2 }
  const growth = (change) => growthOf(Array.from({ length: 10 }, (_, index) => Object.fromEntries(
    Object.keys(steps).map((name) => [name, 1000 + change(name, index)]))))

  it('is none where nothing changes, where it is the first checkpoint alone, or one in the end', () => {
    assert.deepEqual(growth(() => 0), [])
    assert.deepEqual(growth((name, index) => index === 0 ? -500 : 0), [])
    assert.deepEqual(growth((name, index) => index === 9 ? 300 * MiB : 0), [])
    assert.deepEqual(growth(() => undefined), []) // the system does not tell
  })

  for (const grown of Object.keys(steps)) {
    it(`is seen in ${grown}`, () => {
      const [found, ...others] = growth((name, index) => name === grown ? index * steps[name] : 0)
      assert.match(found, new RegExp(`^${grown} have grown`))
      assert.deepEqual(others, [])
    })
  }

  it('is looked for in all that is measured', () => {
    const measured = measure(countersOfAll(sharedCounters(1)))
    assert.deepEqual(Object.keys(measured).sort(), Object.keys(steps).sort())
    assert(measured[RESIDENT] > MiB)
  })
})
