'use strict'

// The soak itself: a short one must end well, and each of its watchers must see what it is there for.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const fc = require('fast-check')
const { run } = require('../support/child')
const { long } = require('../support/long')
const { countersOfAll, Counters, sharedCounters, sum } = require('../../tools/soak/counters')
const { BUDGET_BYTES, BUDGET_LOANS, LENT_ANEW_BYTES } = require('../../tools/soak/lending')
const { growthOf, measure, OBJECTS, RESIDENT } = require('../../tools/soak/memory')
const { types } = require('./memory')
const { fillWithNoise } = require('./noise')
const { run: runSequence } = require('./runner')
const { EDGE_BYTES, soakSequences } = require('./sequences')
const { Statistics } = require('./statistics')

const MiB = 2 ** 20
const engineMemory = process.env.SMALLOC_ENGINE_MEMORY === '1'

const soak = (...args) => run(path.join(__dirname, '..', '..', 'tools', 'soak.js'), ['--seed', '7', ...args])

long.describe('soak', () => {
  it('runs for a short time, holds nothing in the end, and says what it did', async () => {
    const { code, stdout, stderr } = await soak('--minutes', '0.08', '--checkpoints', '2', '--rest', '1.3')
    assert.equal(code, 0, stdout + stderr)
    assert.equal(stderr, '')
    assert.match(stdout, /^soak of 0\.08 minutes on the main thread and 4 workers, seed 7\n/)
    assert.match(stdout, /^2\/2 .* MiB resident, .* 0 bytes lent, \d+ steps, .* [1-9]\d* workers replaced$/m)
    for (const name of ['alloc first', 'External', 'copy', 'slice', 'dispose', 'drop', 'release', 'adopt']) {
      assert.match(stdout, new RegExp(`^│ ${name} +│ [1-9]`, 'm'))
    }
    assert.match(stdout, /^longest turn of the main thread's event loop: \d+\.\d s$/m)
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
        engineMemory ? /^resident bytes .* have grown/m : /^with nothing held, memoryUsage\(\) says that \d+ blocks/m],
      ['a leak of a worker', ['--plant', '1:a leak', ...grows], /^resident bytes .* have grown from \d+ to \d+/m],
      ['much memory that stays', ['--plant', '1:much kept', ...short],
        /^with nothing held, \d+ bytes .*are resident, more/m],
      ['a main thread that stands still', ['--plant', '0:a stall', '--stall', '3', ...short],
        /^thread 0 has stood still for 3 s/m],
      ['a worker that stands still', ['--plant', '1:a stall', '--stall', '3', ...short],
        /^thread 1 has stood still for 3 s/m],
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

  it('refuses numbers that are none', async () => {
    const { code, stderr } = await soak('--minutes', 'many')
    assert.equal(code, 1)
    assert.match(stderr, /--minutes must be a number; received many/)
  })
})

describe('the thresholds of a soak', () => {
  /** The value of a constant, by its name, in a file of lib/ or src/. */
  function constantOf (file, name) {
    const source = fs.readFileSync(path.join(__dirname, '..', '..', file), 'utf8')
    const [, base, shift = '0'] = new RegExp(`const ${name}(?:: \\w+)? = (?:.* \\? \\d+ : )?([\\d_]+)(?: << (\\d+))?`).exec(source) ?? []
    return Number(base?.replaceAll('_', '')) * 2 ** Number(shift)
  }

  it('are those of lib/ and src/', () => {
    assert.deepEqual(EDGE_BYTES, {
      heap: constantOf('lib/memory/backing-store.js', 'IN_HEAP_BYTES'),
      crossover: constantOf('lib/memory/backing-store.js', 'CROSSOVER_BYTES'),
      hugePage: constantOf('src/memory/pages.rs', 'HUGE_PAGE_BYTES'),
      stream: constantOf('src/copy.rs', 'MIN_STREAM_BYTES'),
      split: constantOf('src/copy.rs', 'MIN_SPLIT_BYTES')
    })
    assert(LENT_ANEW_BYTES > constantOf('lib/memory/cache.js', 'LONGEST_LENT_BYTES'))
  })

  it('are those of the budget of a turn', () => {
    const budget = fs.readFileSync(path.join(__dirname, '..', '..', 'src', 'budget.rs'), 'utf8')
    assert(budget.includes(`${BUDGET_BYTES / MiB} << 20`) && budget.includes(`${BUDGET_LOANS >> 10} << 10`))
  })
})

describe('the sequences of a soak', function () {
  this.timeout(300_000)

  it('agree with the model, and every kind of call is carried out', async () => {
    const statistics = new Statistics()
    for (const sequence of fc.sample(soakSequences, { seed: 1, numRuns: 120 })) {
      await runSequence(sequence, { count: statistics.count, isDigested: false })
    }
    assert.deepEqual(statistics.missing(), [])
  })

  it('have copies that stream and copies of two threads, and more than Rust lends in one turn', () => {
    const largest = { copy: 0, all: 0 }
    for (const sequence of fc.sample(soakSequences, { seed: 1, numRuns: 1000 })) {
      const bytes = ({ length }, { type } = sequence[0]) => length * types[type]?.size || 0
      const made = sequence.filter((step) => step.do === 'typedArray').reduce((total, step) => total + bytes(step, step), 0)
      largest.all = Math.max(largest.all, made)
      // Those of large copies, and no sequences of other kinds, are that long.
      const copies = sequence.length === 7 ? sequence.filter((step) => step.do === 'copy' && !step.fits) : []
      largest.copy = Math.max(largest.copy, ...copies.map((step) => bytes(step)))
    }
    assert.equal(largest.copy, EDGE_BYTES.split)
    assert(largest.all > BUDGET_BYTES, `${largest.all} bytes`)
  })
})

describe('the noise of steps', () => {
  const noise = (from, length) => {
    const bytes = new Uint8Array(length)
    fillWithNoise(bytes, from)
    return bytes
  }
  const alike = (a, b) => a.filter((byte, index) => byte === b[index]).length / a.length

  it('is the same from one place on, and differs from any other', () => {
    assert.deepEqual(noise(3, 5000), noise(3, 5000))
    assert.deepEqual(noise(3, 5000).subarray(7), noise(10, 4993))
    for (const other of [4, 259, 4099, 65_539]) assert(alike(noise(3, 5000), noise(other, 5000)) < 0.02)
  })

  it('does not repeat at any power of two', () => {
    const bytes = noise(0, 8 * MiB)
    for (let shift = 0; shift <= 22; shift++) assert(alike(bytes.subarray(0, 5000), bytes.subarray(2 ** shift, 2 ** shift + 5000)) < 0.02)
  })
})

describe('growth of a soak', () => {
  const flat = {
    [RESIDENT]: 100 * MiB,
    'bytes of address space': 2 ** 30,
    threads: 13,
    mappings: 300,
    [OBJECTS]: MiB
  }
  const checkpoints = (change) => Array.from({ length: 10 }, (_, index) => ({ ...flat, ...change(index) }))

  it('is none where nothing changes, where it is the first checkpoint alone, or one in the end', () => {
    assert.deepEqual(growthOf(checkpoints(() => ({}))), [])
    assert.deepEqual(growthOf(checkpoints((index) => ({ threads: index > 0 ? 13 : 9 }))), [])
    assert.deepEqual(growthOf(checkpoints((index) => ({ [RESIDENT]: (index === 9 ? 300 : 100) * MiB }))), [])
    assert.deepEqual(growthOf(checkpoints(() => ({ threads: undefined, mappings: undefined }))), [])
  })

  for (const [name, step] of Object.entries({
    [RESIDENT]: 4 * MiB,
    'bytes of address space': 200 * MiB,
    threads: 1,
    mappings: 30,
    [OBJECTS]: MiB / 2
  })) {
    it(`is seen in ${name}`, () => {
      const growth = growthOf(checkpoints((index) => ({ [name]: flat[name] + index * step })))
      assert.equal(growth.length, 1)
      assert.match(growth[0], new RegExp(`^${name} have grown`))
    })
  }

  it('is looked for in all that is measured', () => {
    const measured = measure(countersOfAll(sharedCounters(1)))
    assert.deepEqual(Object.keys(measured).sort(), Object.keys(flat).sort())
    assert(measured[RESIDENT] > MiB)
  })
})

describe('the counters of a soak', () => {
  it('are seen by whoever has the same memory, and those of one thread are not those of another', () => {
    const shared = sharedCounters(2)
    const mine = new Counters(shared, 1)
    mine.steps += 3
    mine.at = 'copy to another type'
    const all = countersOfAll(shared)
    assert.deepEqual(all.map(({ steps, at }) => [steps, at.replaceAll('\0', '')]), [[0, ''], [3, 'copy to another type']])
    assert.equal(sum(all, 'steps'), 3)
  })
})
