'use strict'

// Limits that hold for one turn of the event loop begin anew with the next.

const { setImmediate } = require('node:timers') // not the global, which test frameworks may replace
const { needStack } = require('../native/binding')

/**
 * Returns a function that schedules `action` for the next turn of the event loop, once a turn. It does not keep the loop alive.
 * The flag is set last, because execution may end at any step: if it were set without an immediate, `action` would never run
 * again. Two immediates do no harm.
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
