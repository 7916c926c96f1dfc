'use strict'

// Node's own APIs, in each of which external array data may end up: the same as for a view, or a TypeError; no crash, no
// byte less.

const assert = require('node:assert/strict')
const { calls, missing } = require('./calls')
const { problemOf, unmet } = require('./exceptions')
const { kinds } = require('./objects')
const { outcomesOf, runtime } = require('./runner')
const { long, shareOf } = require('../support/long')

/** Those whose functions have been looked through. */
const REVIEWED = ['node 20', 'node 22', 'node 24', 'node 26']

describe('an API that takes a view', function () {
  this.timeout(300_000)

  let outcomes
  before(async () => { outcomes = await ofAllKinds() })

  for (const [kind, { isView }] of Object.entries(kinds)) {
    it(`does with ${kind} what it does with ${isView ? 'a view of it' : 'a plain object'}, or refuses it`, () => {
      const ofKind = outcomes.filter((outcome) => outcome.kind === kind)
      assert.equal(ofKind.length, namesFor(kind).length)
      assert(ofKind.filter(({ outcome }) => outcome === 'same').length > 0.6 * ofKind.length)
      assert.deepEqual(ofKind.map((outcome) => problemOf(outcome, runtime)).filter(Boolean), [])
    })
  }

  long.it('is no exception without a call that needs it', () => {
    assert.deepEqual(unmet(outcomes, runtime), [])
  })
})

/** In the quick form each call is made with two kinds of object. */
const namesFor = (kind) => shareOf(Object.keys(calls), Object.keys(kinds).indexOf(kind), Object.keys(kinds).length / 2)

/** Two processes at a time. */
async function ofAllKinds () {
  const rest = Object.keys(kinds)
  const outcomes = []
  const work = async () => {
    for (let kind = rest.shift(); kind !== undefined; kind = rest.shift()) outcomes.push(...await outcomesOf(kind, namesFor(kind)))
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
