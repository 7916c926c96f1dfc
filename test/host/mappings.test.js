'use strict'

const assert = require('node:assert/strict')
const { answerOf } = require('../support/child')
const { long } = require('../support/long')
const { isBun, isEngineMemory } = require('../support/runtime')

const MiB = 2 ** 20

// The system gives a process at most 65,530 mappings (vm.max_map_count). V8 ends the process if it gets none. Engine memory
// takes one mapping for each ArrayBuffer.
const isCounted = process.platform === 'linux' && !isEngineMemory && !isBun

long.describe('a process with more live blocks than it may have mappings', () => {
  for (const [size, count] of [[128 << 10, 140_000], [2 * MiB, 33_500]]) {
    it(`${count} x ${size >> 10} KiB: goes on when half are disposed, at random, which goes back to the system`, async function () {
      if (!isCounted) this.skip()
      const { untouched, written, half, none } = await answerOf('many-blocks.js', [size, count])
      assert.equal(untouched.lent, count)
      // Some 100 are Node's own.
      for (const { mappings } of [untouched, written, half, none]) assert(mappings < 2000, `${mappings} mappings`)
      const filled = written.resident - untouched.resident
      assert(filled > 900 * MiB, `${filled} bytes were written to`)
      const fell = written.resident - half.resident
      assert(fell > 0.4 * filled, `of ${filled} bytes, half of them disposed, ${fell} are back`)
      assert(none.resident < untouched.resident + 50 * MiB, `${none.resident} bytes are left of ${untouched.resident}`)
      assert.equal(none.lent, 0)
    })
  }
})
