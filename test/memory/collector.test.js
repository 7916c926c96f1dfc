'use strict'

const assert = require('node:assert/strict')
const { answerOf } = require('../support/child')
const { kinds } = require('../support/programs/dropped')

const MiB = 2 ** 20
const COUNT = 50
const engineMemory = process.env.SMALLOC_ENGINE_MEMORY === '1'

describe('the collector', () => {
  for (const kind of kinds) {
    it(`returns the memory of each ${kind}, knows of its bytes, and counts them once: memoryUsage() is exactly what it was`, async () => {
      const { first, before, held, after, accounted } = await answerOf('dropped.js', [kind, COUNT], { flags: ['--expose-gc'] })
      assert.equal(first, 0)
      const isSmall = kind.startsWith('small')
      const lent = engineMemory || isSmall ? 0 : COUNT
      assert.deepEqual(held, { blocks: before.blocks + lent, bytes: before.bytes + lent * MiB })
      assert.deepEqual(after, before)
      const external = isSmall ? 0 : COUNT * MiB
      assert(Math.abs(accounted - external) < MiB / 2, `${accounted} bytes for ${external}`)
    })
  }
})
