'use strict'

// The one way in which tests start a process.

const { spawn } = require('node:child_process')
const path = require('node:path')

const ROOT = path.join(__dirname, '..', '..')
const PROGRAMS = path.join(__dirname, 'programs')

/** A child that hangs must end before mocha gives up (see .mocharc.json), so that the test can show its output. */
const TIMEOUT_MS = 280_000

/**
 * Runs `file` (a name in programs/, or a whole path) in a Node of its own. `flags` are for Node, before the file. The result
 * and the other options are those of `execute`.
 */
const run = (file, args = [], { flags = [], ...options } = {}) =>
  execute([process.execPath, ...flags, path.resolve(PROGRAMS, file), ...args.map(String)], options)

/** Runs a program that is given as text. In it, `require('.')` is this package. */
const runText = (text, { flags = [], ...options } = {}) => execute([process.execPath, ...flags, '-e', text], { cwd: ROOT, ...options })

/**
 * Runs a command. Resolves to how it ended (`code` or `signal`) and what it printed; `answer` is its standard output, read
 * as JSON. The child inherits the environment; `env` changes variables, and `undefined` removes one.
 *
 * `addressSpace`: the most KiB of address space that the child may map. It is killed after `timeout` milliseconds.
 */
function execute (command, { addressSpace, cwd, env, timeout = TIMEOUT_MS } = {}) {
  const isLimited = addressSpace !== undefined
  const [program, ...args] = isLimited ? ['sh', '-c', 'ulimit -v "$0" && exec "$@"', String(addressSpace), ...command] : command
  // Each arena of malloc takes 64 MiB of address space, and their number depends on the threads.
  const arenas = isLimited ? { MALLOC_ARENA_MAX: '1' } : {}
  const child = spawn(program, args, { cwd, env: { ...process.env, ...arenas, ...env }, timeout, killSignal: 'SIGKILL' })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => { output[name] += text })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, ...output, answer: parse(output.stdout) }))
  })
}

function parse (text) {
  try {
    return JSON.parse(text)
  } catch (error) {
    return undefined
  }
}

/** What the program prints, as JSON. Rejects where it does not end with 0 and an answer. Takes what `run` takes. */
const answerOf = async (file, ...rest) => answerIn(await run(file, ...rest), file)

/** The same for a program that is given as text. Takes what `runText` takes. */
const answerOfText = async (text, options) => answerIn(await runText(text, options), text)

function answerIn ({ code, signal, stdout, stderr, answer }, program) {
  if (code === 0 && answer !== undefined) return answer
  throw new Error(`${program} ended with ${signal ?? code}:\n${stdout}${stderr}`)
}

/** What a command prints. Rejects where it does not end with 0. Takes what `execute` takes. */
async function outputOf (command, options) {
  const { code, signal, stdout, stderr } = await execute(command, options)
  if (code === 0) return stdout
  throw new Error(`${command.join(' ')} ended with ${signal ?? code}:\n${stdout}${stderr}`)
}

module.exports = { run, runText, execute, answerOf, answerOfText, outputOf }
