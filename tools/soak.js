'use strict'

// Does everything that this package does, on the main thread and in workers at once, for as long as asked for, and
// fails on a wrong byte, on growth, on a stall and on a crash:
//
//   node tools/soak.js --minutes 10 [--seed 1] [--workers 4]
//
// It holds up to 512 MiB on the main thread and 260 in each worker. The process that works is a child of this one,
// which sees how it ends, whatever that is. test/model/soak.test.js sets `--checkpoints`, `--rest`, `--stall` and
// `--allowance` to have less to wait for, and `--fault` to see that what goes wrong is found.

const { spawn } = require('node:child_process')
const path = require('node:path')
const { parseArgs } = require('node:util')

const MiB = 2 ** 20

/** In bytes: what a thread holds at most. A worker's is two blocks that are copied on two threads. */
const LIMITS = { main: 512 * MiB, worker: 260 * MiB }

const defaults = {
  minutes: 1,
  workers: 4,
  /** In seconds: what a checkpoint waits. What comes back waits for 1.3 s at most. */
  rest: 2.5,
  /** In seconds, on a machine that does other things, too. */
  stall: 20,
  /** In MiB, beyond what is held: 1 GiB that waits for a next use, and what V8 has not collected yet. */
  allowance: 2560
}

function optionsOf (args) {
  const names = ['minutes', 'seed', 'workers', 'checkpoints', 'rest', 'stall', 'allowance', 'fault']
  const { values } = parseArgs({ args, options: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) })
  const { fault, ...numbers } = values
  for (const [name, value] of Object.entries(numbers)) {
    numbers[name] = Number(value)
    if (!(numbers[name] >= 0)) throw new Error(`--${name} must be a number; received ${value}`)
  }
  const { minutes, seed = Math.floor(Math.random() * 2 ** 32), workers, rest, stall, allowance, ...others } =
    { ...defaults, ...numbers }
  const checkpoints = others.checkpoints ?? Math.max(10, Math.round(minutes))
  return {
    minutes, seed, workers, checkpoints,
    work: Math.max(500, minutes * 60_000 / checkpoints - 1000 * rest),
    rest: 1000 * rest,
    stall: 1000 * stall,
    allowance: allowance * MiB,
    limits: LIMITS,
    fault: fault && { thread: Number(fault.split(':')[0]), name: fault.split(':')[1] }
  }
}

function main () {
  const options = optionsOf(process.argv.slice(2))
  const { minutes, seed, workers, checkpoints, work, rest, stall } = options
  console.log(`soak of ${minutes} minutes on the main thread and ${workers} workers, seed ${seed}`)
  const args = ['--expose-gc', path.join(__dirname, 'soak', 'run.js'), JSON.stringify(options)]
  const child = spawn(process.execPath, args, {
    stdio: 'inherit',
    // What glibc keeps of the engine's memory would hide what grows: 240 MiB, by chance. So all threads have one arena, and
    // what is not small a mapping of its own.
    env: { ...process.env, MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: String(32 << 10) },
    // Should even the watcher be stuck.
    timeout: checkpoints * (work + rest) * 2 + 5 * stall,
    killSignal: 'SIGKILL'
  })
  child.on('error', (error) => { throw error })
  child.on('close', (code, signal) => {
    if (code === 0) return
    console.error(`The soak has failed: it ended with ${signal ?? code}. ` +
      `Once more: npm run soak -- --minutes ${minutes} --seed ${seed} --workers ${workers}`)
    process.exitCode = 1
  })
}

main()
