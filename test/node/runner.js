'use strict'

// Makes calls in processes of their own, and tells their outcomes. Such a process runs this file, too: `runner.js <pair>...`
// prints a line for each pair before the call begins, and one with its outcome. If a call ends the process, the last line names it.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { calls } = require('./calls')
const { outcomeOf } = require('./outcome')
const { execute } = require('../support/child')

const { bun, deno, node } = process.versions
/** The runtime that runs this, such as 'node 24.12', 'bun' or 'deno'. */
const runtime = bun ? 'bun' : deno ? 'deno' : `node ${/^\d+\.\d+/.exec(node)}`

/**
 * The outcomes of calls, given as `{ name, kind }`: of each also `{ outcome, error, detail }`. One process makes them; if a call
 * ends it, another one goes on.
 */
async function outcomesOf (pairs) {
  const outcomes = []
  while (outcomes.length < pairs.length) {
    const { lines, ending } = await run(pairs.slice(outcomes.length))
    if (lines.length === 0) throw new Error(`${pairs[outcomes.length].kind}: ${ending}`)
    outcomes.push(...lines.filter(({ outcome }) => outcome !== undefined))
    const last = lines.at(-1)
    if (last.outcome === undefined) outcomes.push({ ...last, outcome: 'dies', detail: ending })
  }
  return outcomes
}

const names = Object.keys(calls)

/** As an argument, the kind and the number of the call: on Windows there is no room for all names. */
const argumentOf = ({ name, kind }) => `${kind}/${names.indexOf(name)}`

/** Runs them in a folder of its own: a call that takes an object for a path makes files there. */
async function run (pairs) {
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-node-'))
  const { code, signal, stdout, stderr } = await execute([process.execPath, __filename, ...pairs.map(argumentOf)], { cwd })
  fs.rmSync(cwd, { recursive: true, force: true })
  const lines = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
  return { lines, ending: `${signal ?? code} ${stderr.slice(0, 1000)}` }
}

/** What it has printed is with the reader when it returns. */
const print = (message) => fs.writeSync(1, `${JSON.stringify(message)}\n`)

async function makeCalls (pairs) {
  process.emitWarning = () => {}
  for (const pair of pairs) {
    const [kind, number] = pair.split('/')
    const name = names[number]
    print({ name, kind })
    print({ name, kind, ...await outcomeOf(calls[name], kind) })
  }
  process.exit()
}

if (require.main === module) makeCalls(process.argv.slice(2))

module.exports = { outcomesOf, runtime }
