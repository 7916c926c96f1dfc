'use strict'

// The process of a soak: the main thread works beside its workers and takes stock at checkpoints, when nobody holds
// anything. Ends with 1, and says why, where something is wrong.

const path = require('node:path')
const { setTimeout: passed } = require('node:timers/promises')
const { Worker } = require('node:worker_threads')
const { uniformInt } = require('pure-rand/distribution/uniformInt')
const { mersenne } = require('pure-rand/generator/mersenne')
const { memoryUsage, trim } = require('../..')
const { MiB } = require('../bench/units')
const { countersOfAll, sharedCounters, sum } = require('./counters')
const { Crew } = require('./crew')
const { fail } = require('./failure')
const { growthOf, measure, mostAtRest, OBJECTS, RESIDENT } = require('./memory')
const { seedOf, Work } = require('./work')

/** How long until the next worker is replaced: at random. */
const REPLACE_MS = { min: 2000, max: 15_000 }

const options = JSON.parse(process.argv[2])
const shared = sharedCounters(options.workers + 1)
const all = countersOfAll(shared)

function watch () {
  const { stallMs, allowanceBytes } = options
  const watcher = new Worker(path.join(__dirname, 'watcher.js'), { workerData: { shared, stallMs, allowanceBytes } })
  watcher.on('error', (error) => fail(`the watcher: ${error.stack}`))
  return watcher
}

async function main () {
  const watcher = watch()
  const crew = new Crew(options, shared)
  const { seed, plant } = options
  const work = new Work({ seed, thread: 0, plant: plant?.thread === 0 ? plant.name : undefined }, all[0])
  const most = mostAtRest(options.workers + 1)
  const checkpoints = []
  for (let round = 0; round < options.checkpoints; round++) {
    if (round > 0) crew.work(round)
    const end = performance.now() + options.workMs
    await Promise.all([work.round(round, () => performance.now() >= end), replaceUntil(end, crew, round)])
    await crew.rest(round)
    await settle(work)
    checkpoints.push(measure(all))
    report(checkpoints, crew)
    const outside = checkpoints.at(-1)[RESIDENT]
    if (outside > most) fail(`with nothing held, ${outside} bytes outside of heaps are resident, more than ${most}`)
  }
  await crew.end()
  await watcher.terminate()
  const growth = growthOf(checkpoints)
  if (growth.length > 0) fail(growth.join('\n'))
}

async function replaceUntil (end, crew, round) {
  const random = mersenne(seedOf(options.seed, options.workers + 1, round))
  for (;;) {
    const wait = Math.min(uniformInt(random, REPLACE_MS.min, REPLACE_MS.max), options.workMs / 3)
    if (performance.now() + wait >= end) return
    await passed(wait)
    await crew.replaceOne(random, round)
  }
}

/** Nothing is held. Waits for finalizers and the purge thread; after that Rust may have nothing lent. */
async function settle (work) {
  await work.collect()
  await work.wait(options.restMs)
  trim()
  const { blocks, bytes } = memoryUsage()
  if (blocks !== 0 || bytes !== 0) {
    fail(`with nothing held, memoryUsage() says that ${blocks} blocks of ${bytes} bytes are lent`)
  }
}

function report (checkpoints, crew) {
  const now = checkpoints.at(-1)
  console.log(`${checkpoints.length}/${options.checkpoints}  ` + [
    `${seconds(performance.now())} s`,
    `${mib(process.memoryUsage.rss())} MiB resident, ${mib(now[RESIDENT])} of them outside of V8's heaps`,
    `${(now[OBJECTS] / MiB).toFixed(1)} MiB of objects`,
    ...now.threads ? [`${mib(now['bytes of address space'])} MiB mapped`, `${now.threads} threads`, `${now.mappings} mappings`] : [],
    '0 bytes lent',
    `${sum(all, 'steps')} steps`,
    `${gib(sum(all, 'allocatedBytes'))} GiB allocated, ${gib(sum(all, 'comparedBytes'))} GiB compared`,
    `the longest step took ${seconds(Math.max(...all.map(({ longestMs }) => longestMs)))} s`,
    `${crew.replaced} workers replaced`
  ].join(', '))
}

const mib = (bytes) => Math.round(bytes / MiB)
const gib = (bytes) => (bytes / 1024 / MiB).toFixed(1)
const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1)

main().catch((error) => fail(`the main thread: ${error.stack ?? error}`))
