'use strict'

// `npm test` runs the quick form of the tests, `npm run test:all` the long one: it sets SMALLOC_LONG.

const isLong = process.env.SMALLOC_LONG === '1'

/** What the quick form has of the cases: all of them in the long form. */
const quick = (all, few) => isLong ? all : few

/** In the long form every item; in the quick form every `count`th, from the `share`th on: all shares together have them all. */
const shareOf = (items, share, count) => isLong ? items : items.filter((_, index) => index % count === share % count)

/** `it` and `describe` of what runs in the long form alone. */
const long = isLong ? globalThis : { it () {}, describe () {} }

module.exports = { isLong, quick, shareOf, long }
