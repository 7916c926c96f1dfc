'use strict'

// Runs random sequences on the main thread and in workers at once. Fails on a wrong byte, on growth, on a stall and on a crash:
//
//   node tools/soak.js --minutes 10 [--seed 1] [--workers 4]
//
// The process that works is a child of this one, which sees how it ends. test/model/soak.test.js sets `--checkpoints`, `--rest`,
// `--stall` and `--allowance` to wait less, and `--plant` to see that each planted bug is found.

const { spawnSync } = require('node:child_process')
const path = require('node:path')
const { parseArgs } = require('node:util')

const defaults = {
  minutes: 1,
  workers: 4,
  /**
   * Seconds that a checkpoint waits. Memory comes back within 2.1 s: 0.8 in the cache, 1.25 in Rust. A checkpoint also calls
   * trim().
   */
  rest: 2.5,
  /** Seconds. The machine may do other things, too. */
  stall: 20,
  /** MiB more than what is held: 1 GiB may wait for its next use, and V8 has not collected all garbage yet. */
  allowance: 2560
}

function optionsOf (args) {
  const names = ['minutes', 'seed', 'workers', 'checkpoints', 'rest', 'stall', 'allowance', 'plant']
  const { values } = parseArgs({ args, options: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) })
  const { plant, ...numbers } = values
  for (const [name, value] of Object.entries(numbers)) {
    numbers[name] = Number(value)
    if (!(numbers[name] >= 0)) throw new Error(`--${name} must be a number; received ${value}`)
  }
  const random = Math.floor(Math.random() * 2 ** 32)
  const { minutes, seed = random, workers, rest, stall, allowance, ...others } = { ...defaults, ...numbers }
  const checkpoints = others.checkpoints ?? Math.max(10, Math.round(minutes))
  return {
    minutes, seed, workers, checkpoints,
    workMs: Math.max(500, minutes * 60_000 / checkpoints - 1000 * rest),
    restMs: 1000 * rest,
    stallMs: 1000 * stall,
    allowanceBytes: allowance * 2 ** 20,
    plant: plant && { thread: Number(plant.split(':')[0]), name: plant.split(':')[1] }
  }
}

const options = optionsOf(process.argv.slice(2))
const { minutes, seed, workers, checkpoints, workMs, restMs, stallMs } = options
console.log(`soak of ${minutes} minutes on the main thread and ${workers} workers, seed ${seed}`)
const program = path.join(__dirname, 'soak', 'run.js')
const { status, signal } = spawnSync(process.execPath, ['--expose-gc', program, JSON.stringify(options)], {
  stdio: 'inherit',
  // glibc keeps up to 240 MiB of the engine's memory, by chance, which would hide what grows. So all threads have one arena, and
  // what is not small gets a mapping of its own.
  env: { ...process.env, MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: String(32 << 10) },
  // In case all threads stand still.
  timeout: checkpoints * (workMs + restMs) * 2 + 5 * stallMs,
  killSignal: 'SIGKILL'
})
if (status !== 0) {
  console.error(`The soak has failed: it ended with ${signal ?? status}. ` +
    `Once more: npm run soak -- --minutes ${minutes} --seed ${seed} --workers ${workers}`)
  process.exitCode = 1
}
