'use strict'

const assert = require('node:assert/strict')
const path = require('node:path')
const { answerOf, run, runText } = require('../support/child')

const GUARD = { SMALLOC_GUARD: '1', SMALLOC_TRACE: '' }
/** In blocks of Rust, because they stay mapped. A late write to engine memory may end the process without the guard, too. */
const OFF = { SMALLOC_GUARD: '', SMALLOC_TRACE: '', SMALLOC_ENGINE_MEMORY: '' }
const EARLY = path.join(__dirname, '..', '..', 'examples', 'dispose-too-early.js')
const isWindows = process.platform === 'win32'
/** STATUS_ACCESS_VIOLATION, the exit code of a process on Windows that has touched pages without access. */
const ACCESS_VIOLATION = 0xC0000005

describe('SMALLOC_GUARD=1', () => {
  describe('a file that is read into memory disposed meanwhile', () => {
    before(function () {
      if (isWindows) this.skip() // the example needs mkfifo
    })

    it('ends with EFAULT, and no other allocation changes', async () => {
      assert.deepEqual(await answerOf(EARLY, [], { env: GUARD }), { wrong: 0, code: 'EFAULT' })
    })

    it('changes 4,096 bytes of the next allocation without the guard', async function () {
      if (!ArrayBuffer.prototype.transfer) this.skip() // Node 20 recycles only what Rust has
      assert.deepEqual(await answerOf(EARLY, [], { env: OFF }), { wrong: 4096, code: null })
    })
  })

  describe('a thread that writes to memory disposed meanwhile', () => {
    it('ends the process there, with a message that names the allocation', async () => {
      const { code, signal, stdout, stderr } = await run('guarded-crash.js', [], { env: GUARD })
      if (isWindows) assert.equal(code, ACCESS_VIOLATION)
      else assert.match(signal, /^SIG(SEGV|BUS)$/)
      assert.equal(stdout, '')
      assert.match(stderr, /^smalloc: Allocation 1, of 67108864 bytes, was used after it had been disposed, at byte \d+\.$/m)
      assert.match(stderr, /SMALLOC_TRACE=1 shows where/)
    })

    it('says where it was made and disposed, if asked', async () => {
      const { stderr } = await run('guarded-crash.js', [], { env: { SMALLOC_GUARD: '1', SMALLOC_TRACE: '1' } })
      assert.match(stderr, /It was made\n\s+at .*guarded-crash\.js:8:\d+/)
      assert.match(stderr, /It was disposed\n\s+at .*guarded-crash\.js:10:\d+/)
    })
  })

  it('lets a signal that a process has sent end this one at once, without a message', async function () {
    if (isWindows) this.skip() // it has no such signals
    // Linux ends a process without a handler by the signal that a fault has on macOS.
    const { signal, stdout, stderr } =
      await runText("require('.').alloc(64); process.kill(process.pid, 'SIGBUS'); console.log('goes on')", { env: GUARD })
    assert.deepEqual({ signal, stdout, stderr }, { signal: 'SIGBUS', stdout: '', stderr: '' })
  })

  it('has allocations of every size and kind in blocks of their own, thousands of them, and keeps what a worker posts', async () => {
    const each = { blocks: 8, after: 0, cached: 0, sum: 0 }
    assert.deepEqual(await answerOf('guarded.js', [], { env: GUARD }), { here: each, there: each, kept: [5, 7, 100] })
  })
})
