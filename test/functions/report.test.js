'use strict'

const assert = require('node:assert/strict')
const { report } = require('../..')
const { answerOf, run } = require('../support/child')

const TRACE = { SMALLOC_TRACE: '1', SMALLOC_GUARD: '' }
const flags = ['--expose-gc']

describe('report', () => {
  it('says how to turn it on where it is off', function () {
    if (process.env.SMALLOC_TRACE === '1') this.skip()
    assert.throws(() => report(), { name: 'Error', code: 'ERR_INVALID_STATE', message: /SMALLOC_TRACE=1/ })
  })

  describe('with SMALLOC_TRACE=1', () => {
    let answer
    before(async () => {
      answer = await answerOf('undisposed.js', [], { env: TRACE, flags })
    })

    it('has what is live, by place, most bytes first', () => {
      const places = answer.live.map(({ place, count, bytes }) => ({ place, count, bytes }))
      assert.equal(places.length, 2)
      assert.match(places[0].place, /^at keep \(.*undisposed\.js:15:10\)$/)
      assert.deepEqual([places[0].count, places[0].bytes], [2, 2000])
      assert.match(places[1].place, /undisposed\.js:20:/)
      assert.deepEqual([places[1].count, places[1].bytes], [1, 64])
    })

    it('has the age of the oldest in milliseconds, and the stack', () => {
      for (const { place, oldestMs, stack } of answer.live) {
        assert(oldestMs >= 0)
        assert(stack.trim().startsWith(place))
        assert(!/[\\/]lib[\\/](api|elements|memory)[\\/]/.test(stack))
      }
    })

    it('has what the collector took undisposed', () => {
      const [{ place, count, bytes, stack, ...rest }] = answer.undisposed
      assert.match(place, /^at drop \(.*undisposed\.js:11:3\)$/)
      assert.deepEqual([count, bytes, rest], [5, 25_000, {}])
      assert(stack.trim().startsWith(place))
    })

    it('warns once a place of what the collector took', () => {
      assert.deepEqual(answer.warnings.map(({ code }) => code), ['SMALLOC_UNDISPOSED'])
      assert.match(answer.warnings[0].message, /5000 bytes were never disposed.*at drop/)
    })

    it('reads as text', () => {
      assert.match(answer.text, /^live: 3 allocations, 2064 bytes\n {2}2 allocations, 2000 bytes, the oldest for \d+\.\d s\n\s+at keep/)
      assert.match(answer.text, /^taken by the garbage collector, not disposed: 5 allocations, 25000 bytes$/m)
    })

    it('is printed at the end of the process where there is something to report', async () => {
      const { stderr } = await run('undisposed.js', [], { env: TRACE, flags })
      assert.match(stderr, /the report at the end of the process\nlive: 3 allocations, 2064 bytes/)
    })
  })
})
