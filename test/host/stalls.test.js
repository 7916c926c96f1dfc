'use strict'

const assert = require('node:assert/strict')
const { answerOf } = require('../support/child')
const { long } = require('../support/long')

const MiB = 2 ** 20

long.describe('a host with much native memory of its own, amid a burst of dispose', () => {
  // With malloc_trim, 680 MiB went back, and the host's malloc stopped for 100 to 160 ms.
  it('has its malloc for itself: what that keeps stays where it is', async () => {
    for (const bytes of await answerOf('stalls.js', [3], { flags: ['--expose-gc'] })) {
      assert(bytes < 100 * MiB, `${bytes} bytes of the host's are gone`)
    }
  })
})
