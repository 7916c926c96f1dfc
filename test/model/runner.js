'use strict'

// Runs a sequence of steps on smalloc and on the model, and compares both after each step.

const { Run } = require('./run')
const { carryOut, steps } = require('./steps')

/** Thrown by an observer to leave out the rest of a step. */
class LeftOut extends Error {}

/**
 * Runs the sequence and returns its trace: lines of code with their results.
 * Throws an error with the trace where smalloc and the model differ. `observer` is that of Run; `after(run)` is called after each step.
 */
async function run (sequence, { smalloc = require('../..'), after = () => {}, ...observer } = {}) {
  const run = new Run(smalloc, observer)
  try {
    for (const step of sequence) {
      run.touched = new Set()
      run.lastKeys = []
      try {
        await carryOut(run, step)
      } catch (error) {
        if (!(error instanceof LeftOut)) throw error
      }
      run.compare(run.concerned(), false)
      after(run)
    }
    run.compare(run.held, true)
    for (const object of run.held.filter(({ isOurs }) => isOurs)) steps.dispose(run, { object })
    run.compare(run.held, true)
  } catch (error) {
    if (error instanceof RangeError && /call stack/.test(error.message)) error.message += ` ${error.stack.slice(0, 500)}`
    error.message += `\n\n${run.lines.map((line) => `  ${line}`).join('\n')}`
    throw error
  }
  return run.lines
}

module.exports = { run, LeftOut }
