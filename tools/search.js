'use strict'

// The search for a random sequence of calls that goes wrong: what `npm run fuzz` and `npm run compare` share.

const { parseArgs } = require('node:util')
const fc = require('fast-check')

/** How many sequences, the seed and the path, and the options of `more`. */
function optionsOf (args, { count, ...more }) {
  const text = { type: 'string' }
  const { values } = parseArgs({ args, options: { sequences: text, seed: text, path: text, ...more } })
  const { sequences = count, seed = Math.floor(Math.random() * 2 ** 31), ...others } = values
  return { ...others, count: Number(sequences), seed: Number(seed) }
}

/**
 * Calls `test` with random sequences. Where it throws, returns what is wrong with the smallest sequence for which it does, and how to
 * have that again: `script` is the name of the npm script. Undefined where nothing is wrong.
 */
async function search (script, sequences, test, { count, seed, path }) {
  const property = fc.asyncProperty(sequences, test)
  const result = await fc.check(property, { numRuns: count, seed, path, endOnFailure: path !== undefined })
  if (!result.failed) return undefined
  const steps = result.counterexample[0].map((step) => `  ${JSON.stringify(step)}`).join('\n')
  const again = `npm run ${script} -- --seed ${result.seed} --path ${result.counterexamplePath}`
  return `After these steps:\n${steps}\n\n${result.errorInstance?.message}\n\nOnce more: ${again}`
}

module.exports = { optionsOf, search }
