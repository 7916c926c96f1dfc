'use strict'

// Runs random sequences of calls against the model of test/model/, in one process with Rust memory and in one with engine memory.
// Both have to do what the model says, and to answer alike. On failure it prints the smallest sequence that fails.
//
//   node tools/fuzz.js [--sequences 1000] [--seed N] [--path P] [--statistics] [--module M]
//
// It prints the seed, which repeats the run; with the path the run starts at the sequence that failed. --statistics shows how often
// each kind of call was carried out, and fails where one never was.

const { join, resolve } = require('node:path')
const { sequences } = require('../test/model/sequences')
const { Answering, askAll } = require('./answering')
const { optionsOf, search } = require('./search')

async function main (args) {
  const { module, statistics, ...options } = optionsOf(args, {
    count: 1000, statistics: { type: 'boolean' }, module: { type: 'string', default: join(__dirname, '..') }
  })
  const command = [process.execPath, '--expose-gc', join(__dirname, 'fuzz-child.js'), resolve(module)]
  const processes = [['Rust memory', ''], ['engine memory', '1']]
    .map(([name, value]) => new Answering(name, command, { SMALLOC_ENGINE_MEMORY: value }))
  console.log(`${options.count} sequences on Rust memory and engine memory, seed ${options.seed}`)
  let tried = 0
  const test = async (sequence) => {
    if (++tried % 1000 === 0) console.log(`${tried} sequences`)
    compareTraces(await askAll(processes, sequence))
  }
  try {
    const problem = await search('fuzz', sequences(), test, options) ?? leftovers(await askAll(processes, 'end'), statistics)
    if (problem === undefined) return console.log('no difference from the model, and none between the two')
    console.error(problem)
    process.exitCode = 1
  } finally {
    for (const process of processes) process.stop()
  }
}

/** Throws where a run has found a problem, or the two do not answer alike. */
function compareTraces ([onRust, onEngine]) {
  if (onRust.problem !== undefined) throw new Error(`On Rust memory: ${onRust.problem}`)
  if (onEngine.problem !== undefined) throw new Error(`On engine memory: ${onEngine.problem}`)
  const [lines, others] = [onRust.lines, onEngine.lines]
  const at = lines.findIndex((line, number) => line !== others[number])
  if (at < 0 && lines.length === others.length) return
  throw new Error(`The two differ:\n${lines.slice(0, at).join('\n')}\n  Rust memory:   ${lines[at]}\n  engine memory: ${others[at]}`)
}

/** What is wrong after all sequences: memory that has not come back, or steps that never happened. */
function leftovers (ends, showsStatistics) {
  const problems = ends.filter(({ usage }) => usage.blocks !== 0)
    .map(({ usage }) => `${usage.blocks} blocks, ${usage.bytes} bytes, have not come back`)
  if (showsStatistics) {
    console.table(ends[0].table)
    problems.push(...ends[0].missing.map((kind) => `never happened: ${kind}`))
  }
  return problems.length === 0 ? undefined : problems.join('\n')
}

main(process.argv.slice(2))
