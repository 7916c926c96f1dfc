'use strict'

const assert = require('node:assert/strict')
const { answerOf } = require('../support/child')
const { long } = require('../support/long')

const MiB = 2 ** 20

long.describe('a host with much native memory of its own, amid a burst of dispose', () => {
  let longest, fell

  before(async () => {
    ;({ longest, fell } = await answerOf('stalls.js', [3], { flags: ['--expose-gc'] }))
  })

  // With malloc_trim, 680 MiB went back, and the host's malloc stopped for 100 to 160 ms.
  it('has its malloc for itself: what that keeps stays where it is', () => {
    for (const bytes of fell) assert(bytes < 100 * MiB, `${bytes} bytes of the host's are gone`)
  })

  it('is held up for no longer than without it', () => {
    const [quiet, dispose] = [longest.quiet, longest.dispose].map((all) => all.sort((a, b) => a - b)[1])
    assert(dispose < quiet + 50, `${dispose} ms, and ${quiet} without`)
  })
})
