'use strict'

// Compares the smalloc of Node 0.12.18 with this one: what both answer to the same probes, and what the same random sequences of calls
// do in both. Fails on a difference that the table in docs/node-0.12.md does not list, and on a row of that table that no probe shows.
//
//   node tools/compare/index.js [--sequences 300] [--seed N] [--path P] [--record]
//
// --record writes what Node 0.12.18 answers to test/model/answers-0.12.json, with which
// `npm test` compares.

const fs = require('node:fs')
const path = require('node:path')
const { Answering } = require('../answering')
const { fetchNode } = require('../fetch-package')
const { optionsOf } = require('../search')
const { answersTo, listedIds, problemsOf, readProbes } = require('./probes')
const { compareSequences } = require('./sequences')

const ROOT = path.join(__dirname, '..', '..')
const RECORD = path.join(ROOT, 'test', 'model', 'answers-0.12.json')

/** A Node with a module of smalloc, which answers programs: see answer.js. */
const answering = (node, module) => new Answering(node, [node, '--expose-gc', path.join(__dirname, 'answer.js'), module])

async function main (args) {
  const options = optionsOf(args, { count: 300, record: { type: 'boolean' } })
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('Node 0.12.18 is fetched for Linux on x64 only')
  const [there, here] = [answering(fetchNode('0.12.18'), 'smalloc'), answering(process.execPath, ROOT)]
  try {
    if (options.record) return await record(there)
    if (options.path === undefined) await compareProbes(there, here)
    await compareRandomly(there, here, options)
  } finally {
    there.stop()
    here.stop()
  }
}

/** Each line of probes.txt, followed by the answers to its probes. */
async function record (there) {
  const probes = readProbes()
  const answers = await answersTo(probes, there)
  const lines = new Map(probes.map(({ line }) => [line, [line]]))
  for (const [number, { line }] of probes.entries()) lines.get(line).push(answers[number])
  const text = [...lines.values()].map((recorded) => JSON.stringify(recorded)).join(',\n')
  fs.writeFileSync(RECORD, `[\n${text}\n]\n`)
}

async function compareProbes (there, here) {
  const probes = readProbes()
  const answers = await Promise.all([there, here].map((process) => answersTo(probes, process)))
  const rows = probes.map((probe, number) => ({ ...probe, there: answers[0][number], here: answers[1][number] }))
  const listed = listedIds()
  report(problemsOf(rows, listed))
  const alike = rows.filter((row) => row.there === row.here).length
  const different = rows.length - alike
  console.log(`${rows.length} probes: ${alike} answered alike, ${different} differently. The table has ${listed.length} rows.`)
}

async function compareRandomly (there, here, options) {
  console.log(`${options.count} random sequences, seed ${options.seed}`)
  const { problem, tally } = await compareSequences(there, here, options)
  if (problem !== undefined) return report([problem])
  const shown = (counts) => [...counts].sort().map(([id, count]) => `${id} ${count}`).join(', ')
  console.log(`${tally.alike} answers alike. Different: ${shown(tally.different)}. Steps left out: ${shown(tally.avoided)}.`)
}

function report (problems) {
  if (problems.length === 0) return
  console.error(problems.join('\n'))
  process.exitCode = 1
}

if (require.main === module) main(process.argv.slice(2))

module.exports = { answering }
