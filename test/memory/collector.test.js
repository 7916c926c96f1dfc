'use strict'

const assert = require('node:assert/strict')
const { answerOf } = require('../support/child')
const { kinds } = require('../support/programs/dropped')

const MiB = 2 ** 20
const engineMemory = process.env.SMALLOC_ENGINE_MEMORY === '1'

describe('the collector', () => {
  for (const kind of kinds) {
    it(`returns the memory of ${kind}: memoryUsage() is exactly what it was`, async () => {
      const { first, before, held, after } = await answerOf('dropped.js', [kind], { flags: ['--expose-gc'] })
      assert.equal(first, 0)
      const lent = engineMemory || kind.startsWith('small') ? 0 : 50
      assert.deepEqual(held, { blocks: before.blocks + lent, bytes: before.bytes + lent * MiB })
      assert.deepEqual(after, before)
    })
  }

  it('knows of the bytes: of 400 x 16 MiB dropped across turns never more than 1 GiB is out', async () => {
    const { most } = await answerOf('dropped-across-turns.js')
    assert(most <= 1024 * MiB, `${most / MiB} MiB`)
    if (engineMemory) assert.equal(most, 0)
    else assert(most >= 16 * MiB)
  })

  it('counts the bytes once', async () => {
    const { accounted } = await answerOf('dropped-across-turns.js')
    assert(accounted > 15.9 * MiB && accounted < 17 * MiB, `${accounted / MiB} MiB for 16`)
  })
})
