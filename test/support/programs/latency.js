'use strict'

// The event loop of a server that does 2 MiB of work a turn: in one round in memory that it disposes, in the next in one Buffer
// that it keeps. Prints the p99 and the longest delay of a timer, in milliseconds, for each of argv[2] rounds.

const { monitorEventLoopDelay } = require('node:perf_hooks')
const { setTimeout: passed } = require('node:timers/promises')
const { alloc, dispose, view } = require('../../..')

const MiB = 2 ** 20
const ROUND_MS = 800
const SIZES = [100, 10_000, 200_000, 790_000, MiB]
const kept = new Uint8Array(2 * MiB)

const work = {
  disposing () {
    const objects = SIZES.map((size) => alloc(size))
    for (const object of objects) view(object).fill(1)
    for (const object of objects) dispose(object)
  },
  without () {
    let start = 0
    for (const size of SIZES) {
      kept.fill(0, start, start + size)
      kept.fill(1, start, start += size)
    }
  }
}

async function delaysOf (step) {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  const end = performance.now() + ROUND_MS
  while (performance.now() < end) {
    step()
    await passed(0)
  }
  histogram.disable()
  return { p99: histogram.percentile(99) / 1e6, longest: histogram.max / 1e6 }
}

async function main () {
  const rounds = { disposing: [], without: [] }
  for (const name of Object.keys(work)) await delaysOf(work[name])
  for (let round = 0; round < Number(process.argv[2]); round++) {
    for (const name of Object.keys(work)) rounds[name].push(await delaysOf(work[name]))
  }
  console.log(JSON.stringify(rounds))
}

main()
