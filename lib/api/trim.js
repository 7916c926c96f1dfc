'use strict'

const binding = require('../native/binding')
const cache = require('../memory/cache')

/**
 * Gives memory back to the system now that would wait about a second for the next allocation: what waits on this thread,
 * and Rust's blocks of all threads.
 */
function trim () {
  cache.clear()
  binding.trim()
}

module.exports = { trim }
