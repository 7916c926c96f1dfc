'use strict'

// Makes every call with every kind of object, each pair in a process of its own, and prints what is not as for a view; then
// what is wrong, and which functions are new. Fails where something is wrong.
//
//   node test/node/table.js [--runtime <id>] [--only <text>]
//
// By default, on the Node that runs it, and all calls; ids are those of tools/runtimes.json, `text` is in a call's name.

const { spawnSync } = require('node:child_process')
const os = require('node:os')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { calls } = require('./calls')
const { exceptionFor, problemOf } = require('./exceptions')
const { missing } = require('./missing')
const { kinds } = require('./objects')
const { outcomesOf, runtime } = require('./runner')
const { fetchPackage } = require('../../tools/fetch-package')
const { runtimes } = require('../../tools/runtimes.json')

async function main () {
  const { values: { runtime: id, only } } = parseArgs({ options: { runtime: { type: 'string' }, only: { type: 'string', default: '' } } })
  if (id !== undefined) return runIn(id, only)
  const names = Object.keys(calls).filter((name) => name.includes(only))
  const outcomes = await allOutcomes(names)
  const problems = outcomes.map((outcome) => problemOf(outcome, runtime)).filter(Boolean)
  print(names, outcomes)
  console.log(`\nfunctions that the list does not have: ${missing().join(', ') || 'none'}`)
  for (const problem of problems) console.log(`\n${problem}`)
  if (problems.length > 0) process.exitCode = 1
}

function runIn (id, only) {
  const found = runtimes.find((runtime) => runtime.id === id)
  if (found === undefined) throw new Error(`no such runtime: ${id}`)
  const program = path.join(fetchPackage(found.package, found.range), found.program)
  process.exitCode = spawnSync(program, [...found.flags, __filename, '--only', only], { stdio: 'inherit' }).status ?? 1
}

async function allOutcomes (names) {
  const rest = Object.keys(kinds).flatMap((kind) => names.map((name) => ({ kind, name })))
  const outcomes = []
  const work = async () => {
    for (let pair = rest.shift(); pair !== undefined; pair = rest.shift()) {
      outcomes.push(...await outcomesOf(pair.kind, { isolated: true, names: [pair.name] }))
    }
  }
  await Promise.all(Array.from({ length: os.availableParallelism() }, work))
  return outcomes
}

function print (names, outcomes) {
  const columns = Object.keys(kinds)
  console.log(`${runtime}, ${process.version}: ${names.length} calls, ${columns.length} kinds of object\n`)
  console.log(`| call | ${columns.join(' | ')} | why |\n| --- |${' --- |'.repeat(columns.length + 1)}`)
  for (const name of names) {
    const row = columns.map((kind) => outcomes.find((outcome) => outcome.name === name && outcome.kind === kind))
    if (row.every(({ outcome }) => ['same', 'absent', '-'].includes(outcome))) continue
    const why = row.map((outcome) => exceptionFor(outcome, runtime)?.why).find(Boolean) ?? ''
    console.log(`| ${name} | ${row.map(({ outcome, error }) => error ?? outcome).join(' | ')} | ${why} |`)
  }
  const count = (kind) => outcomes.filter(({ outcome }) => outcome === kind).length
  console.log(`\n${['same', 'refused', 'other', 'dies', 'absent', '-'].map((kind) => `${kind}: ${count(kind)}`).join('; ')}`)
}

main()
