'use strict'

const assert = require('node:assert/strict')
const path = require('node:path')
const { answerOf } = require('../support/child')
const { long } = require('../support/long')

const MiB = 2 ** 20
const isEngineMemory = process.env.SMALLOC_ENGINE_MEMORY === '1'

long.describe('1 GiB disposed, in a process that has freed a large block before', () => {
  // Below its threshold for mmap, which the large block has raised, the engine's malloc keeps what it likes: of 1,024 blocks
  // in one turn of the event loop all but the 256 MiB that may be lent.
  const least = { '1 x 1 GiB': 700 * MiB, '64 x 16 MiB': 700 * MiB, '1,024 x 1 MiB': isEngineMemory ? 0 : 240 * MiB }
  for (const [blocks, bytes] of Object.entries(least)) {
    it(`as ${blocks} is back with the system within 3 s, but for what the engine's malloc keeps`, async function () {
      if (bytes === 0) this.skip()
      const loop = path.join(__dirname, '..', '..', 'tools', 'bench', 'memory-loop.js')
      const flags = ['-r', path.join(__dirname, '..', 'support', 'programs', 'free-large.js')]
      const { full, left } = await answerOf(loop, [`${blocks}, disposed, 3 s later`], { flags })
      assert(full - left >= bytes, `fell by ${Math.round((full - left) / MiB)} MiB`)
    })
  }
})
