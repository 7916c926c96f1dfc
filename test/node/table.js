'use strict'

// Makes every call with every kind of object, each pair in a process of its own. Prints the calls that do not do with all kinds
// what they do with a view, then what is wrong, and which functions are new. Fails if something is wrong.
//
//   node test/node/table.js [--runtime <id>] [--only <text>]
//
// By default all calls, on the Node that runs it. Ids are those of tools/runtimes.json; `text` is in a call's name.

const { spawnSync } = require('node:child_process')
const os = require('node:os')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { calls, missing } = require('./calls')
const { exceptionFor, problemOf } = require('./exceptions')
const { kinds } = require('./objects')
const { outcomesOf, runtime } = require('./runner')
const { fetchPackage } = require('../../tools/fetch-package')
const { runtimes } = require('../../tools/runtimes.json')
const { formatTable } = require('../../tools/table')

async function main () {
  const { values: { runtime: id, only } } = parseArgs({ options: { runtime: { type: 'string' }, only: { type: 'string', default: '' } } })
  if (id !== undefined) return runIn(id, only)
  const names = Object.keys(calls).filter((name) => name.includes(only))
  const outcomes = await allOutcomes(names)
  print(names, outcomes)
  console.log(`\nfunctions that the list does not have: ${missing().join(', ') || 'none'}`)
  for (const problem of outcomes.map((outcome) => problemOf(outcome, runtime)).filter(Boolean)) {
    console.log(`\n${problem}`)
    process.exitCode = 1
  }
}

function runIn (id, only) {
  const found = runtimes.find((runtime) => runtime.id === id)
  if (found === undefined) throw new Error(`no such runtime: ${id}`)
  const program = path.join(fetchPackage(found.package, found.range), found.program)
  process.exitCode = spawnSync(program, [...found.flags, __filename, '--only', only], { stdio: 'inherit' }).status ?? 1
}

async function allOutcomes (names) {
  const rest = Object.keys(kinds).flatMap((kind) => names.map((name) => ({ name, kind })))
  const outcomes = []
  const work = async () => {
    for (let pair = rest.shift(); pair !== undefined; pair = rest.shift()) outcomes.push(...await outcomesOf([pair]))
  }
  await Promise.all(Array.from({ length: os.availableParallelism() }, work))
  return outcomes
}

function print (names, outcomes) {
  const columns = Object.keys(kinds)
  const isUsual = ({ outcome }) => ['same', 'absent', '-'].includes(outcome)
  const rows = names.map((name) => columns.map((kind) => outcomes.find((outcome) => outcome.name === name && outcome.kind === kind)))
  const lines = rows.filter((row) => !row.every(isUsual)).map((row) => [
    row[0].name,
    ...row.map(({ outcome, error }) => error ?? outcome),
    row.map((outcome) => exceptionFor(outcome, runtime)?.why).find(Boolean) ?? ''
  ])
  console.log(`${runtime}, ${process.version}: ${names.length} calls, ${columns.length} kinds of object\n`)
  console.log(formatTable(['call', ...columns, 'why'], lines))
  const countOf = (kind) => outcomes.filter(({ outcome }) => outcome === kind).length
  console.log(`\n${['same', 'refused', 'other', 'dies', 'absent', '-'].map((kind) => `${kind}: ${countOf(kind)}`).join('; ')}`)
}

main()
