'use strict'

const assert = require('node:assert/strict')
const path = require('node:path')
const { answerOf } = require('./support/child')

const MiB = 2 ** 20
const isEngineMemory = process.env.SMALLOC_ENGINE_MEMORY === '1'

describe('1 GiB disposed, in a process that has freed a large block before', () => {
  for (const blocks of ['1 x 1 GiB', '64 x 16 MiB', '1,024 x 1 MiB']) {
    it(`as ${blocks} is back with the system within 3 s`, async function () {
      // Below its threshold for mmap, which the large block has raised, the engine's malloc keeps what it likes.
      if (isEngineMemory && blocks === '1,024 x 1 MiB') this.skip()
      const loop = path.join(__dirname, '..', 'bench', 'memory-loop.js')
      const flags = ['-r', path.join(__dirname, 'support', 'programs', 'free-large.js')]
      const { full, left } = await answerOf(loop, [`${blocks}, disposed, 3 s later`], { flags })
      assert(full - left >= 700 * MiB, `fell by ${Math.round((full - left) / MiB)} MiB`)
    })
  }
})
