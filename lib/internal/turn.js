'use strict'

const { setImmediate } = require('node:timers') // the global may be a fake one, as test frameworks have
const { needStack } = require('../native/stack')

/**
 * Returns a function that has `action` run in the next turn of the event loop, once a turn, without keeping the loop alive
 * for it. What is expected is noted last: the execution may end at any step here, and a turn that is noted but not asked for
 * would be the last. One that is asked for twice does no harm.
 */
function onceATurn (action) {
  let isExpected = false
  return () => {
    if (isExpected) return
    needStack()
    setImmediate(() => {
      isExpected = false
      action()
    }).unref()
    isExpected = true
  }
}

module.exports = { onceATurn }
