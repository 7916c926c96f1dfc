'use strict'

const assert = require('node:assert/strict')
const { answerOf, answerOfText } = require('../support/child')
const { quick } = require('../support/long')
const { isEngineMemory } = require('../support/runtime')

if (process.platform !== 'linux') return // `ulimit -v` is Linux's

const MiB = 2 ** 20
const noMemory = 'RangeError ERR_MEMORY_ALLOCATION_FAILED'

/** Prints the KiB of address space that a process with this addon has mapped. */
const PEAK = "require('.'); console.log(/VmPeak:\\s*(\\d+)/.exec(require('fs').readFileSync('/proc/self/status', 'utf8'))[1])"
let needed

/** Resolves to options for a process that may map so many MiB of address space more than a process with the addon needs. */
async function within (mebibytes) {
  needed ??= await answerOfText(PEAK, { addressSpace: 'unlimited' })
  return { flags: ['--expose-gc'], addressSpace: needed + mebibytes * 1024 }
}

describe('blocks that wait for a next use, where all memory is taken, under ulimit -v', () => {
  it('make way for what the engine allocates', async () => {
    const answer = await answerOfText(`
      const { alloc, dispose, view } = require('.')
      const filled = (size) => (_, index, object = alloc(size)) => view(object).fill(1) && object
      Array.from({ length: 240 }, filled(2 ** 20)).forEach(dispose)
      const small = Array.from({ length: 1000 }, filled(100_000)) // in the same turn
      console.log(small.length)`, await within(430))
    assert.equal(answer, 1000)
  })
})

/** With how many of the kinds: a round of small pieces takes seconds. */
const cases = quick([
  ...[100 * MiB, 40 * MiB, 16 * MiB, MiB, 16_384, 61_440, 100_000, 1_000_000].map((size) => ['main', size, 'dispose', 7]),
  ...[16_384, 61_440, 100_000, 1_000_000].map((size) => ['main', size, 'drop', 7]),
  ['worker', 40 * MiB, 'dispose', 7]
], [['main', 40 * MiB, 'dispose', 2], ['main', 100_000, 'dispose', 1], ['worker', 40 * MiB, 'dispose', 1]])

for (const [thread, size, how, kindCount] of cases) {
  describe(`all memory taken in pieces of ${size} bytes, under ulimit -v in a ${thread} thread, after ${how}`, () => {
    let usage, rounds, large

    before(async () => {
      // Beyond what blocks take, 20 MiB or more are left: the engine ends the process where it has none itself.
      const options = await within(thread === 'main' ? 580 : 1000)
      ;({ usage, rounds, large } = await answerOf('exhausted.js', [thread, size, how, kindCount], options))
    })

    it('is a RangeError with a code, for every kind, and does not run out before most of it is taken', () => {
      const least = thread === 'main' ? 300 : 80 // workers of Node 26 take more address space
      assert.equal(rounds.length, kindCount)
      for (const { kind, error, refused, count } of rounds) {
        assert.deepEqual([error, refused], [noMemory, noMemory], kind)
        // malloc may keep freed engine memory, and then the system does not have its address space.
        const isEnough = size < MiB && kind !== rounds[0].kind ? count >= 0.8 * rounds[0].count : count * size >= least * MiB
        assert(isEnough, `${kind}: ${count} objects; at first ${rounds[0].count}`)
      }
    })

    it('leaves the receiver as it was, and all that is allocated', () => {
      for (const { kind, untouched, intact } of rounds) assert(untouched && intact, kind)
    })

    it('leaves no call but is right or a RangeError', () => {
      for (const { kind, outcomes } of rounds) {
        assert.equal(Object.keys(outcomes).length, 17)
        for (const [name, outcome] of Object.entries(outcomes)) {
          if (name.startsWith('too much')) assert.equal(outcome, noMemory, `${kind}, ${name}`)
          // From 65 bytes on the engine's memory may be refused, too.
          else assert(outcome === true || (/of 1000/.test(name) && outcome === noMemory), `${kind}, ${name}: ${outcome}`)
        }
      }
    })

    it('is there again, in zeros, once three pieces in four are let go, and all is back in the end', () => {
      for (const { kind, again, free, zeros, left } of rounds) {
        assert(again >= 0.8 * free, `${kind}: ${again} of ${free}`)
        assert(zeros, kind)
        assert.deepEqual(left, usage, kind)
      }
      // It is asked for in one piece. malloc may keep the address space of engine memory, in smaller pieces.
      if (size >= MiB) assert(large === 'allocated' || (isEngineMemory && large === noMemory), large)
    })
  })
}
