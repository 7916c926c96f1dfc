'use strict'

/**
 * Collects garbage in so many turns of the event loop, because finalizers take some turns to run. It ends sooner where
 * `isDone` returns true. Needs --expose-gc.
 */
async function collect (turns, isDone = () => false) {
  for (let turn = 0; turn < turns && !isDone(); turn++) {
    globalThis.gc()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

module.exports = { collect }
