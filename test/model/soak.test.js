'use strict'

// The soak itself: that a short one ends well, and that each of its watchers sees what it is there for.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { setImmediate: turned } = require('node:timers/promises')
const { run } = require('../support/child')
const { long } = require('../support/long')
const { growthOf, measure } = require('../../tools/soak/memory')
const { BUDGET, EDGES, LENT_ANEW, Mix } = require('../../tools/soak/mix')
const pattern = require('../../tools/soak/pattern')
const { Random } = require('../../tools/soak/random')
const { OPERATIONS, Tallies } = require('../../tools/soak/tally')

const MiB = 2 ** 20
const RESIDENT = 'resident bytes outside of V8\'s heaps'
const OBJECTS = 'bytes of objects in V8\'s heaps'
const engineMemory = process.env.SMALLOC_ENGINE_MEMORY === '1'

const soak = (...args) => run(path.join(__dirname, '..', '..', 'tools', 'soak.js'), ['--seed', '7', ...args])

long.describe('soak', () => {
  it('runs for a short time, holds nothing in the end, and says what it did', async () => {
    const { code, stdout, stderr } = await soak('--minutes', '0.08', '--checkpoints', '2', '--rest', '1.3')
    assert.equal(code, 0, stdout + stderr)
    assert.equal(stderr, '')
    assert.match(stdout, /^soak of 0\.08 minutes on the main thread and 4 workers, seed 7\n/)
    assert.match(stdout, /^2\/2 .* MiB resident, .* 0 bytes lent, \d+ operations, .* [1-9]\d* workers replaced$/m)
    for (const name of ['alloc', 'External', 'verify', 'copyOnto', 'sliceOnto', 'dispose', 'drop', 'mistake', 'rest']) {
      assert.match(stdout, new RegExp(`^operations: .*[( ]${name} [1-9]`, 'm'))
    }
    assert.match(stdout, /^longest turn of the main thread's event loop: \d+\.\d s$/m)
  })

  describe('fails, and names the seed, on', () => {
    const short = ['--workers', '1', '--minutes', '0.05', '--checkpoints', '1', '--rest', '0.1']
    const grows = ['--workers', '1', '--minutes', '0.05', '--checkpoints', '7', '--rest', '0.6']
    const failures = [
      ['a wrong byte of the main thread', ['--fault', '0:a wrong byte', ...short],
        /^the main thread: Error: (byte|element) \d+ .*allocation \d+ of life 0 of thread 0/m],
      ['a wrong byte of a worker', ['--fault', '1:a wrong byte', ...short],
        /^thread 1, life 0: Error: (byte|element) \d+ .*allocation \d+ of life 0 of thread 1/m],
      ['a leak of the main thread', ['--fault', '0:a leak', ...grows],
        engineMemory ? /^resident bytes .* have grown/m : /^with nothing held, memoryUsage\(\) says that \d+ blocks/m],
      ['a leak of a worker', ['--fault', '1:a leak', ...grows], /^resident bytes .* have grown from \d+ to \d+/m],
      ['much memory that stays', ['--fault', '1:much kept', ...short],
        /^with nothing held, \d+ bytes .*are resident, more/m],
      ['a main thread that stands still', ['--fault', '0:a stall', '--stall', '3', ...short],
        /^thread 0 has stood still for 3 s/m],
      ['a worker that stands still', ['--fault', '1:a stall', '--stall', '3', ...short],
        /^thread 1 has stood still for 3 s/m],
      ['an error that is not thrown', ['--fault', '1:a wrong error', ...short],
        /must throw ERR_OUT_OF_RANGE; it threw TypeError/],
      ['a worker that ends', ['--fault', '1:an end', ...short], /^thread 1, life 0, has ended by itself, with code 0/m],
      ['a crash', ['--fault', '1:a crash', ...short], /it ended with/],
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
    assert.deepEqual(EDGES, {
      heap: constantOf('lib/memory/backing-store.js', 'IN_HEAP_BYTES'),
      crossover: constantOf('lib/memory/backing-store.js', 'CROSSOVER_BYTES'),
      hugePage: constantOf('src/memory/pages.rs', 'HUGE_PAGE_BYTES'),
      stream: constantOf('src/copy.rs', 'MIN_STREAM_BYTES'),
      split: constantOf('src/copy.rs', 'MIN_SPLIT_BYTES')
    })
    assert(LENT_ANEW > constantOf('lib/memory/cache.js', 'LONGEST_LENT_BYTES'))
  })

  it('are those of the budget of a turn', () => {
    const budget = fs.readFileSync(path.join(__dirname, '..', '..', 'src', 'budget.rs'), 'utf8')
    assert(budget.includes(`${BUDGET.bytes / MiB} << 20`) && budget.includes(`${BUDGET.loans >> 10} << 10`))
  })
})

describe('the mix of a soak', () => {
  /** The tally of a mix that has worked so many turns. */
  async function tallyOf (seed, turns) {
    const tally = new Tallies({ threads: 1 }).of(0)
    const mix = new Mix({ random: new Random(seed), tally, limit: 260 * MiB, thread: 0 })
    for (let turn = 0; turn < turns; turn++) {
      mix.turn()
      await turned()
    }
    mix.end()
    return tally
  }

  it('does everything within 60 turns', async () => {
    const tally = await tallyOf(1, 60)
    const never = OPERATIONS.filter((name) => tally.get(name) === 0)
    assert.deepEqual(never, [...engineMemory ? ['burst of loans'] : [], 'pause', 'rest']) // those are not the mix's
    assert.equal(tally.get('held'), 0)
    assert(tally.get('verified') > 0 && tally.get('allocated') > 0)
  })

  it('is the same for a seed, another for another', async () => {
    const figuresOf = async (seed) => {
      const tally = await tallyOf(seed, 3)
      return OPERATIONS.concat('allocated', 'verified').map((name) => tally.get(name))
    }
    const figures = await figuresOf(1)
    assert.deepEqual(await figuresOf(1), figures)
    assert.notDeepEqual(await figuresOf(2), figures)
  })
})

describe('the pattern of a soak', () => {
  it('is found wrong at any byte, and tells who has written there', () => {
    const bytes = Buffer.alloc(200_000)
    pattern.write(bytes, 17, 1003)
    assert.equal(pattern.differenceFrom(bytes, 17, 1003), -1)
    for (const index of [0, 1, 65_535, 65_536, 199_999]) {
      bytes[index] ^= 0x80
      assert.equal(pattern.differenceFrom(bytes, 17, 1003), index)
      bytes[index] ^= 0x80
    }
    const start = 5 // 1008 is the next position of a word
    assert.deepEqual(pattern.writerOf(bytes.subarray(start, start + 8)), { owner: 17, start: 1008 })
  })

  it('differs from one owner to the next, and from one place to the next, in many bytes', () => {
    const chunk = (owner, start) => Buffer.from(pattern.expected(owner, start, 4096))
    const different = (a, b) => a.filter((byte, index) => byte !== b[index]).length / a.length
    assert(different(chunk(1, 0), chunk(2, 0)) > 0.9)
    assert(different(chunk(1, 0), chunk(1, 4096)) > 0.3) // half of it is the owner
  })

  it('is not zeros', () => {
    assert.equal(pattern.differenceFromZeros(Buffer.alloc(100_000)), -1)
    assert.equal(pattern.differenceFromZeros(Buffer.alloc(100_000).fill(1, 70_000)), 70_000)
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
    const tallies = new Tallies({ threads: 1 })
    assert.deepEqual(Object.keys(measure(tallies)).sort(), Object.keys(flat).sort())
    assert(measure(tallies)[RESIDENT] > MiB)
  })
})
