'use strict'

// Node's own APIs, in each of which external array data may end up: the same as for a view, or a TypeError; no crash, no
// byte less.

const assert = require('node:assert/strict')
const { calls } = require('./calls')
const { problemOf, unmet } = require('./exceptions')
const { missing } = require('./missing')
const { kinds } = require('./objects')
const { outcomesOf, runtime } = require('./runner')

/** Those whose functions have been looked through. */
const REVIEWED = ['node 20', 'node 22', 'node 24', 'node 26']

describe('an API that takes a view', function () {
  this.timeout(300_000)

  let outcomes
  before(async () => { outcomes = await ofAllKinds() })

  for (const [kind, { isView }] of Object.entries(kinds)) {
    it(`does with ${kind} what it does with ${isView ? 'a view of it' : 'a plain object'}, or refuses it`, () => {
      const ofKind = outcomes.filter((outcome) => outcome.kind === kind)
      assert.equal(ofKind.length, Object.keys(calls).length)
      assert(ofKind.filter(({ outcome }) => outcome === 'same').length > 300)
      assert.deepEqual(ofKind.map((outcome) => problemOf(outcome, runtime)).filter(Boolean), [])
    })
  }

  it('is no exception without a call that needs it', () => {
    assert.deepEqual(unmet(outcomes, runtime), [])
  })
})

/** Two processes at a time. */
async function ofAllKinds () {
  const rest = Object.keys(kinds)
  const outcomes = []
  const work = async () => {
    while (rest.length > 0) outcomes.push(...await outcomesOf(rest.shift()))
  }
  await Promise.all([work(), work()])
  return outcomes
}

describe('the list of APIs', () => {
  it('has every function of their modules, or says that it takes no view', function () {
    if (!REVIEWED.includes(runtime)) this.skip()
    assert.deepEqual(missing(), [])
  })
})
