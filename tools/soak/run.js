'use strict'

// The process of a soak: the main thread works beside its workers and takes stock at checkpoints, when nobody holds
// anything. Ends with 1, and says why, where something is wrong.

const path = require('node:path')
const { monitorEventLoopDelay } = require('node:perf_hooks')
const { setTimeout: passed } = require('node:timers/promises')
const { Worker } = require('node:worker_threads')
const { memoryUsage, trim } = require('../..')
const { Crew } = require('./crew')
const { fail } = require('./failure')
const { growthOf, measure, mostAtRest } = require('./memory')
const { Random } = require('./random')
const { OPERATIONS, Tallies } = require('./tally')
const { Work } = require('./work')

const MiB = 2 ** 20

/** In milliseconds, at random: how long until the next worker is replaced. */
const REPLACE = { min: 2000, max: 15_000 }

const options = JSON.parse(process.argv[2])
const tallies = new Tallies({ threads: options.workers + 1 })
const peaks = new Float64Array(new SharedArrayBuffer(16))
const delay = monitorEventLoopDelay()

function watch () {
  const { stall, allowance } = options
  const watcher = new Worker(path.join(__dirname, 'watcher.js'), {
    workerData: { ...tallies.share(), peaks, stall, allowance }
  })
  watcher.on('error', (error) => fail(`the watcher: ${error.stack}`))
  return watcher
}

async function main () {
  const watcher = watch()
  const crew = new Crew(options, tallies, fail)
  const { seed, limits, fault } = options
  const work = new Work({
    seed, thread: 0, limit: limits.main, tally: tallies.of(0), fault: fault?.thread === 0 ? fault.name : undefined
  })
  delay.enable()
  const most = mostAtRest(options.workers + 1)
  const checkpoints = []
  const atRest = []
  for (let round = 0; round < options.checkpoints; round++) {
    if (round > 0) crew.work(round)
    const end = performance.now() + options.work
    await Promise.all([work.round(round, () => performance.now() >= end), replaceUntil(end, crew, round)])
    await crew.rest(round)
    await settle(work)
    const resident = process.memoryUsage.rss()
    checkpoints.push(measure(tallies))
    atRest.push(resident)
    report(checkpoints, resident, crew)
    const outside = checkpoints.at(-1)['resident bytes outside of V8\'s heaps']
    if (outside > most) fail(`with nothing held, ${outside} bytes outside of heaps are resident, more than ${most}`)
  }
  await crew.end()
  await watcher.terminate()
  summarize(atRest, crew)
  const growth = growthOf(checkpoints)
  if (growth.length > 0) fail(growth.join('\n'))
}

async function replaceUntil (end, crew, round) {
  const random = new Random(options.seed, options.workers + 1, round)
  for (;;) {
    const wait = Math.min(random.between(REPLACE.min, REPLACE.max), options.work / 3)
    if (performance.now() + wait >= end) return
    await passed(wait)
    await crew.replaceOne(random, round)
  }
}

/** Nothing is held. Waits for finalizers and the purge thread; after that Rust may have nothing lent. */
async function settle (work) {
  await work.collect()
  await work.wait(options.rest)
  trim()
  const { blocks, bytes } = memoryUsage()
  if (blocks !== 0 || bytes !== 0) {
    fail(`with nothing held, memoryUsage() says that ${blocks} blocks of ${bytes} bytes are lent`)
  }
}

function report (checkpoints, resident, crew) {
  const { length } = checkpoints
  const now = checkpoints.at(-1)
  console.log(`${length}/${options.checkpoints}  ` + [
    `${seconds(performance.now())} s`,
    `${mib(resident)} MiB resident, ${mib(now['resident bytes outside of V8\'s heaps'])} of them outside of V8's heaps`,
    `${(now['bytes of objects in V8\'s heaps'] / MiB).toFixed(1)} MiB of objects`,
    ...now.threads ? [
      `${mib(now['bytes of address space'])} MiB mapped`, `${now.threads} threads`, `${now.mappings} mappings`
    ] : [],
    '0 bytes lent',
    `${operations()} operations`,
    `${gib(tallies.sum('allocated'))} GiB allocated`,
    `${crew.replaced} workers replaced`
  ].join(', '))
}

function summarize (atRest, crew) {
  const all = tallies.all()
  const longest = (list) => seconds(Math.max(...list.map((tally) => tally.get('longest'))))
  console.log([
    `operations: ${operations()} (${OPERATIONS.map((name) => `${name} ${tallies.sum(name)}`).join(', ')})`,
    `allocated: ${gib(tallies.sum('allocated'))} GiB; verified: ${gib(tallies.sum('verified'))} GiB`,
    `errors provoked: ${tallies.sum('mistake')}; workers replaced: ${crew.replaced}`,
    `resident: at rest ${mib(atRest[0])} MiB first, ${mib(atRest.at(-1))} MiB last; at most ${mib(peaks[0])} MiB, ` +
      `${mib(peaks[1])} MiB more than held`,
    `longest step: ${longest(all.slice(0, 1))} s on the main thread, ${longest(all.slice(1))} s in workers`,
    `longest turn of the main thread's event loop: ${seconds(delay.max / 1e6)} s`
  ].join('\n'))
}

const operations = () => OPERATIONS.reduce((sum, name) => sum + tallies.sum(name), 0)
const mib = (bytes) => Math.round(bytes / MiB)
const gib = (bytes) => (bytes / 1024 / MiB).toFixed(1)
const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1)

main().catch((error) => fail(`the main thread: ${error.stack ?? error}`))
