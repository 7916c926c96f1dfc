'use strict'

// Measures in this process, and prints the result as JSON. Needs --expose-gc.
//
//   node measure.js rows <number> <settings>      both sides of a row, in turn: the times of each
//   node measure.js <chart> <number> <settings>   one line of a chart: the time at each size, by tinybench

const { isMainThread, Worker } = require('node:worker_threads')
const { charts, rows } = require('./rows')
const { MiB } = require('./units')

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Nanoseconds of `n` times the work and of the turn after it, in which finalizers run. The garbage of before is not timed. */
async function timeBatch ({ loop }, n) {
  globalThis.gc()
  const start = process.hrtime.bigint()
  loop(n)
  await turn()
  return Number(process.hrtime.bigint() - start)
}

/**
 * Warms both sides up and returns how often to do the work, so that the faster one takes `milliseconds`. The last batch of the
 * warm-up takes `warmUp` milliseconds, at least: V8 has optimised the loops by then.
 */
async function batchSize (sides, { milliseconds, warmUp }, least) {
  for (let n = least; ; n *= 2) {
    const times = []
    for (const side of sides) times.push(await timeBatch(side, n) / 1e6)
    const fastest = Math.min(...times)
    if (fastest >= warmUp) return Math.max(least, Math.ceil(n * milliseconds / fastest))
  }
}

/** `[ours, theirs]`: the nanoseconds of one piece of work in each round. Each side goes first in every other round. */
async function measureRow ({ sides, isCollected, size }, settings) {
  const both = sides()
  const n = await batchSize(both, settings, isCollected ? Math.max(4, settings.collectedBytes / size) : 1)
  const times = [[], []]
  for (let round = 0; round < settings.rounds; round++) {
    for (const which of round % 2 === 0 ? [0, 1] : [1, 0]) times[which].push(await timeBatch(both[which], n) / n)
  }
  for (const { check } of both) check(n)
  return times
}

/** The nanoseconds of one piece of work at each size. */
async function measureLine ({ side }, { sizes, milliseconds }) {
  const { Bench } = await import('tinybench') // it has no CommonJS build
  const times = []
  for (const size of sizes) {
    globalThis.gc()
    await turn()
    // So often that the clock and the turn, in which finalizers run, weigh little.
    const n = Math.ceil(Math.min(4096, 4 * MiB / size))
    const { loop, check } = side(size)
    const bench = new Bench({ time: milliseconds, iterations: 3, warmupTime: 40, warmupIterations: 1, throws: true })
    bench.add(String(size), async () => {
      loop(n)
      await turn()
    })
    await bench.run()
    check(n)
    // The mean, not the median: most collections fall into few samples.
    times.push(bench.tasks[0].result.latency.mean * 1e6 / n)
  }
  return times
}

async function main ([what, number, settings]) {
  const entry = what === 'rows' ? rows[number] : charts[what].lines[number]
  if (entry.inWorker && isMainThread) return new Worker(__filename, { argv: process.argv.slice(2) })
  process.stdout.write(JSON.stringify(await (what === 'rows' ? measureRow : measureLine)(entry, JSON.parse(settings))))
}

main(process.argv.slice(2))
