'use strict'

// `npm test` runs the quick form of the tests, `npm run test:all` the long one: it sets SMALLOC_LONG.

const isLong = process.env.SMALLOC_LONG === '1'

/** `all` in the long form, `few` in the quick form. */
const quick = (all, few) => isLong ? all : few

/** All items in the long form. In the quick form every `count`th, so that `count` shares together have all. */
const shareOf = (items, share, count) => isLong ? items : items.filter((_, index) => index % count === share % count)

/** `it` and `describe` for what runs only in the long form. */
const long = isLong ? globalThis : { it () {}, describe () {} }

module.exports = { isLong, quick, shareOf, long }
