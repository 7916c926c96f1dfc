'use strict'

// Runs random sequences of calls against the model of test/model/, in one process with Rust memory and in one with engine memory.
// Both have to do what the model says, and to answer alike. On failure it prints the smallest sequence that fails.
//
//   node tools/fuzz.js [--sequences 1000] [--seed N] [--path P] [--statistics] [--module M]
//
// It prints the seed, which repeats the run; with the path the run starts at the sequence that failed. --statistics shows how often
// each kind of call was carried out, and fails where one never was.

const { join, resolve } = require('node:path')
const { isDeepStrictEqual, parseArgs } = require('node:util')
const fc = require('fast-check')
const { Player } = require('../test/model/player')
const { sequences } = require('../test/model/sequences')
const { Statistics } = require('../test/model/statistics')

const ROOT = join(__dirname, '..')

async function main (args) {
  const { count, seed, path, statistics, module } = optionsOf(args)
  const players = {
    'Rust memory': new Player(module, { SMALLOC_ENGINE_MEMORY: '' }),
    'engine memory': new Player(module, { SMALLOC_ENGINE_MEMORY: '1' })
  }
  console.log(`${count} sequences on ${Object.keys(players).join(' and ')}, seed ${seed}`)
  try {
    const problem = await firstProblem(players, { count, seed, path }) ?? await leftovers(players, statistics)
    if (problem === undefined) return console.log('no difference from the model, and none between the two')
    console.error(problem)
    process.exitCode = 1
  } finally {
    for (const player of Object.values(players)) player.stop()
  }
}

function optionsOf (args) {
  const { values } = parseArgs({
    args,
    options: {
      sequences: { type: 'string', default: '1000' }, seed: { type: 'string' }, path: { type: 'string' },
      statistics: { type: 'boolean', default: false }, module: { type: 'string', default: ROOT }
    }
  })
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
  return { count: Number(values.sequences), seed, path: values.path, statistics: values.statistics, module: resolve(values.module) }
}

/** What is wrong with the smallest sequence found; undefined where nothing is. */
async function firstProblem (players, { count, seed, path }) {
  let tried = 0
  const property = fc.asyncProperty(sequences(), async (sequence) => {
    if (++tried % 1000 === 0) console.log(`${tried} sequences`)
    const problem = await problemOf(players, sequence)
    if (problem !== undefined) throw new Error(problem)
  })
  const result = await fc.check(property, { seed, path, numRuns: count, endOnFailure: path !== undefined })
  if (!result.failed) return undefined
  const [sequence] = result.counterexample
  const steps = sequence.map((step) => `  ${JSON.stringify(step)}`).join('\n')
  const again = `npm run fuzz -- --seed ${result.seed} --path ${result.counterexamplePath}`
  return `After ${result.numRuns} sequences:\n${steps}\n\n${result.errorInstance?.message}\n\nOnce more: ${again}`
}

async function problemOf (players, sequence) {
  const results = await Promise.all(Object.entries(players).map(async ([memory, player]) => [memory, await player.run(sequence)]))
  for (const [memory, { problem }] of results) if (problem !== undefined) return `On ${memory}: ${problem}`
  const [[, { lines }], [, { lines: others }]] = results
  if (isDeepStrictEqual(lines, others)) return undefined
  const at = lines.findIndex((line, number) => line !== others[number])
  return `The two differ:\n${lines.slice(0, at).join('\n')}\n  Rust memory:   ${lines[at]}\n  engine memory: ${others[at]}`
}

/** What is wrong after all sequences: memory that has not come back, or steps that never happened. */
async function leftovers (players, showsStatistics) {
  const problems = []
  for (const [memory, player] of Object.entries(players)) {
    const { problem, usage, rows } = await player.end()
    if (problem !== undefined) return `On ${memory}: ${problem}`
    if (usage.blocks !== 0) problems.push(`${usage.blocks} blocks, ${usage.bytes} bytes, have not come back`)
    if (showsStatistics && memory === 'Rust memory') problems.push(...missing(rows))
  }
  return problems.length === 0 ? undefined : problems.join('\n')
}

function missing (rows) {
  const statistics = new Statistics()
  for (const row of rows) statistics.add(...row)
  console.table(statistics.table())
  return statistics.missing().map((kind) => `never happened: ${kind}`)
}

main(process.argv.slice(2))
