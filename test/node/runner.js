'use strict'

// Makes calls in processes of their own, and tells their outcomes. Such a process runs this file, too: `runner.js <kind> <call>...`
// prints a line for each call before it begins, and one with its outcome. If a call ends the process, the last line names it.

const { spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { calls } = require('./calls')
const { outcomeOf } = require('./outcome')

const TIMEOUT_MS = 120_000

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
    const done = lines.filter(({ name }) => name !== undefined)
    outcomes.push(...done.map((line) => ({ ...line, kind })))
    const last = lines.at(-1)
    if (last?.begins !== undefined) outcomes.push({ name: last.begins, kind, outcome: 'dies', detail: ending })
    else if (done.length === 0) throw new Error(`${kind}: ${ending}`)
  }
  return outcomes
}

/** Runs them in a folder of its own: a call that takes an object for a path makes files there. */
function run (kind, names) {
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-node-'))
  const child = spawn(process.execPath, [__filename, kind, ...names], { cwd, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => { output[name] += text })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      fs.rmSync(cwd, { recursive: true, force: true })
      const lines = output.stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
      resolve({ lines, ending: `${signal ?? code} ${output.stderr.slice(0, 1000)}` })
    })
  })
}

/** What it has printed is with the reader when it returns. */
const print = (message) => fs.writeSync(1, `${JSON.stringify(message)}\n`)

async function makeCalls (kind, ...names) {
  process.emitWarning = () => {}
  for (const name of names) {
    print({ begins: name })
    print({ name, ...await outcomeOf(calls[name], kind) })
  }
  print({ ends: true })
  process.exit()
}

if (require.main === module) makeCalls(...process.argv.slice(2))

module.exports = { outcomesOf, runtime }
