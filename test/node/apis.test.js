'use strict'

// Node's own APIs, in each of which external array data may end up: the same as for a view, or a TypeError; no crash, no
// byte less.

const assert = require('node:assert/strict')
const { calls, missing } = require('./calls')
const { problemOf, unmet } = require('./exceptions')
const { kinds } = require('./objects')
const { outcomesOf, runtime } = require('./runner')
const { long, quick } = require('../support/long')

/** Those whose functions have been looked through. */
const REVIEWED = /^node 2[0246]\b/

const names = Object.keys(calls)
const kindNames = Object.keys(kinds)
/** In the quick form one process makes each call once, with the kinds in turn. */
const runs = quick(
  kindNames.map((kind) => [kind, names.map((name) => ({ name, kind }))]),
  [['one object, of ten kinds in turn,', names.map((name, index) => ({ name, kind: kindNames[index % kindNames.length] }))]]
)

describe('an API that takes a view', () => {
  const all = []

  for (const [title, pairs] of runs) {
    it(`does with ${title} what it does with a view of it (or a plain object, if it is none), or refuses it`, async () => {
      const outcomes = await outcomesOf(pairs)
      all.push(...outcomes)
      assert.equal(outcomes.length, pairs.length)
      assert(outcomes.filter(({ outcome }) => outcome === 'same').length > 0.6 * pairs.length)
      assert.deepEqual(outcomes.map((outcome) => problemOf(outcome, runtime)).filter(Boolean), [])
    })
  }

  long.it('is no exception without a call that needs it', () => {
    assert.deepEqual(unmet(all, runtime), [])
  })
})

describe('the list of APIs', () => {
  it('has every function of their modules, or says that it takes no view', function () {
    if (!REVIEWED.test(runtime)) this.skip()
    assert.deepEqual(missing(), [])
  })
})
