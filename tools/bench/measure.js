'use strict'

// Times two sides of the same work in one process, in turn. Needs --expose-gc.

const turn = () => new Promise((resolve) => setImmediate(resolve))

/**
 * Nanoseconds of `n` times the work. The turn of the event loop in which finalizers run is timed with it. Garbage of
 * the batch before is not.
 */
async function timeBatch (side, n) {
  globalThis.gc()
  const start = process.hrtime.bigint()
  side.loop(n)
  await turn()
  return Number(process.hrtime.bigint() - start)
}

/**
 * Warms both sides up and returns how often to do the work so that the faster one takes about `milliseconds`. The last
 * batch of the warm-up takes `warmUp` milliseconds, at least: V8 has optimised the loops by then.
 */
async function batchSize (sides, { milliseconds, warmUp, least }) {
  for (let n = least; ; n *= 2) {
    const times = []
    for (const side of sides) times.push(await timeBatch(side, n) / 1e6)
    const fastest = Math.min(...times)
    if (fastest >= warmUp) return Math.max(least, Math.ceil(n * milliseconds / fastest))
  }
}

/**
 * The median over `rounds` of the ratio of `ours` to `theirs`, and the median time of one piece of work of each in
 * nanoseconds. Each goes first in every other round.
 */
async function comparePair (ours, theirs, { rounds, ...batches }) {
  const n = await batchSize([ours, theirs], batches)
  const times = [[], []]
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [0, 1] : [1, 0]
    for (const which of order) times[which].push(await timeBatch([ours, theirs][which], n) / n)
  }
  ours.check()
  theirs.check()
  return summary(times[0], times[1])
}

/** Of times taken in turn: those at the same place are neighbours. */
function summary (ours, theirs) {
  const ratios = ours.map((time, round) => time / theirs[round])
  return { ratio: median(ratios), ours: median(ours), theirs: median(theirs), ratios }
}

function median (numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

module.exports = { comparePair, median, summary }
