'use strict'

/** After so many rounds, the fastest time of an action is one that no other process has disturbed. */
const LEAST_ROUNDS = 20

/** The engine may compile late where other processes take the processors. */
const MOST_ROUNDS = 500

/** Runs all actions again and again until `isEnough(times)`. Returns the fastest time of each, in milliseconds. */
function fastest (actions, isEnough) {
  const times = {}
  for (let round = 0; round < LEAST_ROUNDS || (round < MOST_ROUNDS && !isEnough(times)); round++) {
    for (const [name, action] of Object.entries(actions)) {
      const start = performance.now()
      action()
      times[name] = Math.min(times[name] ?? Infinity, performance.now() - start)
    }
  }
  return times
}

module.exports = { fastest }
