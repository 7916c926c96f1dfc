'use strict'

// Measures one peer with tinybench. The arguments: the kind of work ('release' or 'copy'), the number of the peer, and
// as JSON the sizes and the milliseconds for each. Prints the nanoseconds of one piece of work at each size.

const { peers } = require('./peers')
const { MiB } = require('./sizes')

const turn = () => new Promise((resolve) => setImmediate(resolve))

/**
 * How often one sample does the work: often enough for the clock, and for the turn of the event loop at its end, in
 * which finalizers run, to weigh little.
 */
const repetitions = (size) => Math.ceil(Math.min(4096, 4 * MiB / size))

async function measure (Bench, side, size, milliseconds) {
  const n = repetitions(size)
  const bench = new Bench({
    time: milliseconds, iterations: 3, warmupTime: 40, warmupIterations: 1, throws: true
  })
  bench.add(String(size), async () => {
    side.loop(n)
    await turn()
  })
  await bench.run()
  side.check()
  // The mean, not the median: most collections fall into few samples.
  return bench.tasks[0].result.latency.mean * 1e6 / n
}

async function main () {
  const { Bench } = await import('tinybench') // which has no CommonJS build
  const peer = peers[process.argv[2]][Number(process.argv[3])]
  const { sizes, milliseconds } = JSON.parse(process.argv[4])
  const times = []
  for (const size of sizes) {
    globalThis.gc()
    await turn()
    times.push(await measure(Bench, peer.side(size), size, milliseconds))
  }
  process.stdout.write(JSON.stringify(times))
}

main()
