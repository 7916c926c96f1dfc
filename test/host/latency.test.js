'use strict'

const assert = require('node:assert/strict')
const path = require('node:path')
const { answerOf } = require('../support/child')
const { long } = require('../support/long')

const program = path.join(__dirname, 'programs', 'latency.js')
const medianOf = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]

long.describe('the event loop of a host that disposes in each turn', () => {
  it('is as late as that of a host which keeps one Buffer, and 5 ms at most: p99 and longest', async function () {
    if (process.versions.bun || process.versions.deno) this.skip() // monitorEventLoopDelay is of another kind
    const { disposing, without } = await answerOf(program, [5])
    for (const figure of ['p99', 'longest']) {
      const [ours, theirs] = [disposing, without].map((rounds) => medianOf(rounds.map((round) => round[figure])))
      assert(ours < theirs + 5, `${figure}: ${ours} ms, and ${theirs} without`)
    }
  })
})
