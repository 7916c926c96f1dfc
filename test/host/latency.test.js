'use strict'

const assert = require('node:assert/strict')
const { answerOf } = require('../support/child')
const { long } = require('../support/long')
const { isNode } = require('../support/runtime')

const medianOf = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]

long.describe('the event loop of a host that disposes in each turn', () => {
  it('is as late as that of a host which keeps one Buffer, and 5 ms at most: p99 and longest', async function () {
    if (!isNode) this.skip() // monitorEventLoopDelay is of another kind
    // Other processes can delay both. A delay that smalloc causes shows in each attempt.
    let late
    for (let attempt = 0; attempt < 5 && late !== ''; attempt++) late = lateness(await answerOf('latency.js', [5]))
    assert.equal(late, '')
  })

  /** What is late by more than 5 ms, in words. */
  const lateness = ({ disposing, without }) => ['p99', 'longest'].flatMap((figure) => {
    const [ours, theirs] = [disposing, without].map((rounds) => medianOf(rounds.map((round) => round[figure])))
    return ours < theirs + 5 ? [] : [`${figure}: ${ours} ms, and ${theirs} without`]
  }).join('; ')
})
