'use strict'

// The process of a soak: the main thread works beside its workers, ends and replaces some of them, and takes stock at checkpoints, when
// nobody holds anything. The process ends with 1, and says why, where something is wrong.

const { once } = require('node:events')
const path = require('node:path')
const { setTimeout: passed } = require('node:timers/promises')
const { Worker } = require('node:worker_threads')
const { uniformInt } = require('pure-rand/distribution/uniformInt')
const { mersenne } = require('pure-rand/generator/mersenne')
const { memoryUsage, trim } = require('../..')
const { MiB } = require('../bench/units')
const { growthOf, measure, mostAtRest, OBJECTS, RESIDENT } = require('./memory')
const { countersOfAll, fail, sharedCounters, sum } = require('./shared')
const { seedOf, Thread } = require('./thread')

/** How long until the next worker is replaced: at random. */
const REPLACE_MS = { min: 2000, max: 15_000 }

const options = JSON.parse(process.argv[2])
const shared = sharedCounters(options.workers + 1)
const all = countersOfAll(shared)

/** By number of the thread, from 1 on: the worker, its life, and whether it may end. */
const members = new Map()
let replaced = 0

function start (number, life, round) {
  all[number].lastBeat = Date.now()
  const worker = new Worker(path.join(__dirname, 'thread.js'), { workerData: { options, shared, number, life, round } })
  const member = { worker, life, mayEnd: false }
  worker.on('error', (error) => fail(`thread ${number}, life ${life}: ${error.stack ?? error}`))
  worker.on('exit', (code) => {
    if (!member.mayEnd) fail(`thread ${number}, life ${life}, has ended by itself, with code ${code}`)
  })
  members.set(number, member)
}

/** Ends one worker, whatever it is at, and starts another in its place. The first one stays. */
async function replaceOne (random, round) {
  if (options.workers < 2) return
  const number = uniformInt(random, 2, options.workers)
  const member = members.get(number)
  member.mayEnd = true
  const exit = once(member.worker, 'exit')
  if (uniformInt(random, 0, 1) === 0) member.worker.postMessage('exit')
  else member.worker.terminate()
  await exit
  all[number].heldBytes = 0
  replaced++
  start(number, member.life + 1, round)
}

async function replaceUntil (end, round) {
  const random = mersenne(seedOf(options.seed, options.workers + 1, round))
  for (;;) {
    const wait = Math.min(uniformInt(random, REPLACE_MS.min, REPLACE_MS.max), options.workMs / 3)
    if (performance.now() + wait >= end) return
    await passed(wait)
    await replaceOne(random, round)
  }
}

const tellAll = (message) => members.forEach(({ worker }) => worker.postMessage(message))

/**
 * The round is over, and all threads let go of what they hold. Waits for finalizers and the purge thread; after that Rust may have nothing
 * lent.
 */
async function settle (thread, round) {
  let areAtRest = false
  Promise.all([...members.values()].map(({ worker }) => once(worker, 'message'))).then(() => { areAtRest = true })
  tellAll({ over: round })
  await thread.rest()
  await thread.wait(Infinity, () => areAtRest)
  await thread.wait(options.restMs)
  trim()
  const { blocks, bytes } = memoryUsage()
  if (blocks !== 0 || bytes !== 0) {
    fail(`with nothing held, memoryUsage() says that ${blocks} blocks of ${bytes} bytes are lent`)
  }
}

function report (now, round) {
  console.log(`${round + 1}/${options.checkpoints}  ` + [
    `${seconds(performance.now())} s`,
    `${mib(process.memoryUsage.rss())} MiB resident, ${mib(now[RESIDENT])} of them outside of V8's heaps`,
    `${(now[OBJECTS] / MiB).toFixed(1)} MiB of objects`,
    ...now.threads ? [`${mib(now['bytes of address space'])} MiB mapped`, `${now.threads} threads`, `${now.mappings} mappings`] : [],
    '0 bytes lent',
    `${sum(all, 'steps')} steps`,
    `${gib(sum(all, 'allocatedBytes'))} GiB allocated, ${gib(sum(all, 'comparedBytes'))} GiB compared`,
    `the longest step took ${seconds(Math.max(...all.map(({ longestMs }) => longestMs)))} s`,
    `${replaced} workers replaced`
  ].join(', '))
}

const mib = (bytes) => Math.round(bytes / MiB)
const gib = (bytes) => (bytes / 1024 / MiB).toFixed(1)
const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1)

async function main () {
  const thread = new Thread(options, shared, 0, 0)
  for (let number = 1; number <= options.workers; number++) start(number, 0, 0)
  const most = mostAtRest(options.workers + 1)
  const checkpoints = []
  for (let round = 0; round < options.checkpoints; round++) {
    if (round > 0) tellAll({ round })
    const end = performance.now() + options.workMs
    await Promise.all([thread.work(round, () => performance.now() >= end), replaceUntil(end, round)])
    await settle(thread, round)
    const measured = measure(all)
    checkpoints.push(measured)
    report(measured, round)
    if (measured[RESIDENT] > most) fail(`with nothing held, ${measured[RESIDENT]} bytes outside of heaps are resident, more than ${most}`)
  }
  for (const member of members.values()) {
    member.mayEnd = true
    await member.worker.terminate()
  }
  const growth = growthOf(checkpoints)
  if (growth.length > 0) fail(growth.join('\n'))
}

main().catch((error) => fail(`the main thread: ${error.stack ?? error}`))
