'use strict'

// Has run.js make the calls in processes of their own, and tells their outcomes.

const { spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { calls } = require('./calls')

const PROGRAM = path.join(__dirname, 'run.js')

/** In milliseconds. */
const TIMEOUT = 120_000

/** The runtime that runs this, such as 'node 24', 'bun' or 'deno'. */
const runtime = process.versions.bun ? 'bun' : process.versions.deno ? 'deno' : `node ${process.versions.node.split('.')[0]}`

/**
 * The outcomes of the calls for an object of the kind: `{ name, kind, outcome, error, detail }` each. They are made in one
 * process, and in another after one of them has ended that; where they are `isolated`, each in its own.
 */
async function outcomesOf (kind, { isolated = false, names = Object.keys(calls), command = [process.execPath] } = {}) {
  const outcomes = []
  for (let rest = names; rest.length > 0; rest = names.slice(outcomes.length)) {
    const { lines, ending } = await run(command, kind, isolated ? rest.slice(0, 1) : rest)
    const done = lines.filter(({ name }) => name !== undefined)
    outcomes.push(...done.map((line) => ({ ...line, kind })))
    const last = lines.at(-1)
    if (last?.begins !== undefined) outcomes.push({ name: last.begins, kind, outcome: 'dies', detail: ending })
    else if (done.length === 0) throw new Error(`${kind}: ${ending}`)
  }
  return outcomes
}

/** In a folder of its own: what takes an object for a path makes files there. */
function run (command, kind, names) {
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-node-'))
  const child = spawn(command[0], [...command.slice(1), PROGRAM, kind, ...names], { cwd, timeout: TIMEOUT, killSignal: 'SIGKILL' })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => { stdout += text })
  child.stderr.setEncoding('utf8').on('data', (text) => { stderr += text })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      fs.rmSync(cwd, { recursive: true, force: true })
      const lines = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
      resolve({ lines, ending: `${signal ?? code} ${stderr.slice(0, 1000)}` })
    })
  })
}

module.exports = { outcomesOf, runtime }
