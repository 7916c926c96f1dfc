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

describe('an API that takes a view', () => {
  const all = []

  for (const [index, [kind, { isView }]] of Object.entries(kinds).entries()) {
    it(`does with ${kind} what it does with ${isView ? 'a view of it' : 'a plain object'}, or refuses it`, async () => {
      // In the quick form each call is made with two kinds of object.
      const names = shareOf(Object.keys(calls), index, Object.keys(kinds).length / 2)
      const outcomes = await outcomesOf(kind, names)
      all.push(...outcomes)
      assert.equal(outcomes.length, names.length)
      assert(outcomes.filter(({ outcome }) => outcome === 'same').length > 0.6 * names.length)
      assert.deepEqual(outcomes.map((outcome) => problemOf(outcome, runtime)).filter(Boolean), [])
    })
  }

  long.it('is no exception without a call that needs it', () => {
    assert.deepEqual(unmet(all, runtime), [])
  })
})

describe('the list of APIs', () => {
  it('has every function of their modules, or says that it takes no view', function () {
    if (!REVIEWED.includes(runtime)) this.skip()
    assert.deepEqual(missing(), [])
  })
})
