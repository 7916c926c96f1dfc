'use strict'

const assert = require('node:assert/strict')
const { kMaxLength } = require('../..')
const { answerOf } = require('../support/child')
const { quick } = require('../support/long')

const noMemory = 'RangeError ERR_MEMORY_ALLOCATION_FAILED'
const isEngineMemory = process.env.SMALLOC_ENGINE_MEMORY === '1'
const outOfRange = 'RangeError ERR_OUT_OF_RANGE'

/** What a program answers. It may map so many MiB of address space more than a process with the addon needs. */
async function answerWithin (mebibytes, program, args) {
  const needed = await answerOf('address-space.js', [], { addressSpace: 'unlimited' })
  return answerOf(program, args, { flags: ['--expose-gc'], addressSpace: needed + mebibytes * 1024 })
}

describe('more memory than there can be', () => {
  const sizes = { '2 ** 40': 2 ** 40, '2 ** 52': 2 ** 52, kMaxLength, 'kMaxLength + 1': kMaxLength + 1 }
  for (const [name, size] of Object.entries(sizes)) {
    it(`${name} bytes: a RangeError with a code for every kind, and the process goes on`, async () => {
      const { results, untouched, works, before, after } = await answerOf('impossible.js', [size])
      for (const [kind, result] of Object.entries(results)) assert.equal(result, expected(size, kind), kind)
      assert(untouched, 'the receiver is not what it was')
      assert(works)
      assert.deepEqual(after, before)
    })
  }

  function expected (size, kind) {
    if (kind === 'Doubles') size = Math.floor(size / 8) * 8
    if (size > kMaxLength) return outOfRange
    // On Node 20 the largest length is 4 GiB, which a system may have.
    return size <= 2 ** 33 ? 'allocated' : noMemory
  }
})

describe('all memory taken, under ulimit -v', () => {
  const runsOut = /^alloc of 40 MiB|^allocUnsafe of 40 MiB|^External of 40 MiB|x 60 KiB$/
  // From 65 bytes on the engine's memory may be refused, too.
  const mayRunOut = /1000/

  for (const thread of ['main', 'worker']) {
    it(`in a ${thread} thread: each call is right or a RangeError, and it is all there again later`, async () => {
      const answer = await answerWithin(thread === 'main' ? 600 : 1000, 'at-the-limit.js', [thread])
      assert(answer.count >= 2, `${answer.count} of 40 MiB`)
      for (const [name, outcome] of Object.entries(answer.outcomes)) {
        if (runsOut.test(name)) assert.equal(outcome, noMemory, name)
        else assert(outcome === 'right' || (mayRunOut.test(name) && outcome === noMemory), `${name}: ${outcome}`)
      }
      assert.equal(Object.keys(answer.outcomes).length, 19)
      assert(answer.intact)
      assert.equal(answer.later, 'right')
      assert.equal(answer.again, 'right')
      assert.deepEqual(answer.after, answer.before)
    })
  }

  it('by blocks that wait for a next use: they make way for what the engine allocates', async () => {
    assert.equal(await answerWithin(430, 'all-waits.js'), 'allocated')
  })
})

for (const mebibytes of quick([100, 40, 16, 1], [40])) {
  describe(`memory that runs out in blocks of ${mebibytes} MiB, under ulimit -v`, () => {
    let rounds, usage, large

    before(async () => {
      // Beyond what blocks take, 20 MiB or more are left: the engine ends the process where it has none itself.
      ;({ rounds, usage, large } = await answerWithin(580, 'exhausted.js', [mebibytes * 2 ** 20]))
    })

    it('is a RangeError with a code, for every kind', () => {
      assert.equal(rounds.length, 6)
      for (const { kind, error, refused } of rounds) {
        assert.equal(error, noMemory, kind)
        assert.equal(refused, noMemory, kind)
      }
    })

    it('does not run out before most of it is taken, one time after the other', () => {
      for (const { kind, count } of rounds) assert(count * mebibytes >= 300, `${kind}: ${count} objects`)
    })

    it('leaves the receiver as it was, and all that is allocated', () => {
      for (const { kind, untouched, intact } of rounds) assert(untouched && intact, kind)
    })

    it('is there again, in zeros, once 64 MiB are disposed', () => {
      for (const { kind, zeros, again } of rounds) assert(zeros, `${kind}: ${again}`)
    })

    it('is all back when all is disposed', () => {
      assert.deepEqual(usage, { blocks: 0, bytes: 0 })
      for (const { kind, usage: left } of rounds) assert.deepEqual(left, usage, kind)
      // It was asked for in one piece. malloc may keep the address space of engine memory, in smaller pieces.
      assert(large === 'allocated' || (isEngineMemory && large === noMemory), large)
    })
  })
}

// malloc may keep freed engine memory, and then the system does not have its address space.
for (const how of quick(['dispose', 'drop'], ['dispose'])) {
  describe(`memory that ran out in small pieces, under ulimit -v, after ${how}`, () => {
    for (const size of quick([16_384, 61_440, 100_000, 1_000_000], [61_440])) {
      it(`is there again, ${size} bytes each: when all are let go, and when three in four are`, async () => {
        const { first, again, free, between, usage } = await answerWithin(580, 'kept-by-malloc.js', [size, how])
        assert(first * size >= 300 * 2 ** 20, `${first} objects`)
        assert(again >= 0.8 * first, `${again} of ${first}`)
        assert(between >= 0.8 * free, `${between} of ${free}`)
        assert.deepEqual(usage, { blocks: 0, bytes: 0 })
      })
    }
  })
}
