'use strict'

const assert = require('node:assert/strict')
const { report } = require('../..')
const { run, runText } = require('../support/child')

describe('report', () => {
  it('says how to turn it on where it is off', function () {
    if (process.env.SMALLOC_TRACE === '1') this.skip()
    assert.throws(() => report(), { name: 'Error', code: 'ERR_INVALID_STATE', message: /SMALLOC_TRACE=1/ })
  })

  describe('with SMALLOC_TRACE=1', () => {
    let answer, stderr
    before(async () => {
      ({ answer, stderr } = await run('undisposed.js', [], { env: { SMALLOC_TRACE: '1', SMALLOC_GUARD: '' }, flags: ['--expose-gc'] }))
    })

    it('has what is live, by place, most bytes first, with the age of the oldest in milliseconds', () => {
      const [first, second, ...others] = answer.live
      assert.match(first.place, /^at keep \(.*undisposed\.js:15:10\)$/)
      assert.deepEqual([first.count, first.bytes], [2, 2000])
      assert.match(second.place, /undisposed\.js:20:/)
      assert.deepEqual([second.count, second.bytes], [1, 64])
      assert.deepEqual(others, [])
      for (const { oldestMs } of answer.live) assert(oldestMs >= 0)
    })

    it('has what the collector took undisposed, and warns once a place', () => {
      const [{ place, count, bytes, ...rest }] = answer.undisposed
      assert.match(place, /^at drop \(.*undisposed\.js:11:3\)$/)
      assert.deepEqual([count, bytes, Object.keys(rest)], [5, 25_000, ['stack']])
      assert.deepEqual(answer.warnings.map(({ code }) => code), ['SMALLOC_UNDISPOSED'])
      assert.match(answer.warnings[0].message, /5000 bytes were never disposed.*at drop/)
    })

    it('has the stack that leads to each place, without this package', () => {
      for (const { place, stack } of [...answer.live, ...answer.undisposed]) {
        assert(stack.trim().startsWith(place))
        assert.doesNotMatch(stack, /[\\/]lib[\\/](api|elements|memory)[\\/]/)
      }
    })

    it('reads as text, which is printed at the end of the process, too', () => {
      const live = 'live: 3 allocations, 2064 bytes\n'
      assert(answer.text.startsWith(live))
      assert.match(answer.text, /^ {2}2 allocations, 2000 bytes, the oldest for \d+\.\d s\n\s+at keep/m)
      assert.match(answer.text, /^taken by the garbage collector, not disposed: 5 allocations, 25000 bytes$/m)
      assert(stderr.includes(`the report at the end of the process\n${live}`))
    })

    it('is printed at the end of a worker, which it names', async () => {
      const { stderr } = await runText(`
        new (require('node:worker_threads').Worker)("globalThis.held = require('.').alloc(1000)", { eval: true })`,
      { env: { SMALLOC_TRACE: '1', SMALLOC_GUARD: '' } })
      assert.match(stderr, /the report at the end of thread 1\nlive: 1 allocation, 1000 bytes\n/)
      assert.doesNotMatch(stderr, /end of the process/)
    })

    it('does not stop adopt, which has moved the memory, where the program\'s stacks throw', async () => {
      const { stdout } = await runText(`
        Error.prepareStackTrace = () => { throw new Error('no stack') }
        const { adopt, view } = require('.')
        console.log(view(adopt(new ArrayBuffer(3))).length)`,
      { env: { SMALLOC_TRACE: '1', SMALLOC_GUARD: '' } })
      assert.equal(stdout, '3\n')
    })
  })
})
