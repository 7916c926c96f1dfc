'use strict'

// Makes calls in processes of their own, and tells their outcomes. Such a process runs this file, too: `runner.js <kind> <call>...`
// prints a line for each call before it begins, and one with its outcome. If a call ends the process, the last line names it.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { calls } = require('./calls')
const { outcomeOf } = require('./outcome')
const { execute } = require('../support/child')

/** The runtime that runs this, such as 'node 24', 'bun' or 'deno'. */
const runtime = process.versions.bun ? 'bun' : process.versions.deno ? 'deno' : `node ${process.versions.node.split('.')[0]}`

/**
 * The outcomes of the calls with an object of the kind: `{ name, kind, outcome, error, detail }` each. One process makes them;
 * if a call ends it, another one goes on.
 */
async function outcomesOf (kind, names) {
  const outcomes = []
  while (outcomes.length < names.length) {
    const { lines, ending } = await run(kind, names.slice(outcomes.length))
    if (lines.length === 0) throw new Error(`${kind}: ${ending}`)
    outcomes.push(...lines.filter(({ outcome }) => outcome !== undefined))
    const last = lines.at(-1)
    if (last.outcome === undefined) outcomes.push({ ...last, outcome: 'dies', detail: ending })
  }
  return outcomes
}

/** Runs them in a folder of its own: a call that takes an object for a path makes files there. */
async function run (kind, names) {
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-node-'))
  const { code, signal, stdout, stderr } = await execute([process.execPath, __filename, kind, ...names], { cwd })
  fs.rmSync(cwd, { recursive: true, force: true })
  const lines = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
  return { lines, ending: `${signal ?? code} ${stderr.slice(0, 1000)}` }
}

/** What it has printed is with the reader when it returns. */
const print = (message) => fs.writeSync(1, `${JSON.stringify(message)}\n`)

async function makeCalls (kind, ...names) {
  process.emitWarning = () => {}
  for (const name of names) {
    print({ name, kind })
    print({ name, kind, ...await outcomeOf(calls[name], kind) })
  }
  process.exit()
}

if (require.main === module) makeCalls(...process.argv.slice(2))

module.exports = { outcomesOf, runtime }
