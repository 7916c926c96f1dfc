'use strict'

const { spawn } = require('node:child_process')
const path = require('node:path')

const programs = path.join(__dirname, 'programs')

/**
 * Runs `file` (of programs/, or a whole path) in a Node of its own and resolves to how it ended: its exit code or
 * signal, what it printed, and that as JSON under `answer`. It inherits SMALLOC_ENGINE_MEMORY, and is killed after
 * `timeout` milliseconds.
 *
 * `env`: more variables of the environment. `addressSpace`: the most KiB of address space that it may map.
 */
function run (file, args = [], { flags = [], addressSpace, env: more, timeout = 50_000 } = {}) {
  let command = [process.execPath, ...flags, path.resolve(programs, file), ...args.map(String)]
  if (addressSpace !== undefined) command = ['sh', '-c', 'ulimit -v "$0" && exec "$@"', String(addressSpace), ...command]
  // An arena of malloc's is 64 MiB of address space, and there are as many as threads happen to need.
  const env = { ...process.env, ...more, ...addressSpace && { MALLOC_ARENA_MAX: '1' } }
  const child = spawn(command[0], command.slice(1), { env, timeout, killSignal: 'SIGKILL' })
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

/** What the program answers. Rejects where it does not end with 0 and an answer. */
async function answerOf (...args) {
  const { code, signal, stdout, stderr, answer } = await run(...args)
  if (code === 0 && answer !== undefined) return answer
  throw new Error(`${args[0]} ended with ${signal ?? code}:\n${stdout}${stderr}`)
}

module.exports = { run, answerOf }
