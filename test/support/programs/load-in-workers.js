'use strict'

// Starts argv[2] workers, argv[3] at a time, of which each loads the addon, uses it and ends. The main thread loads it
// too ('main first'), or never does ('only workers'): argv[4]. Prints what the workers answered, and what the process
// had of threads, mappings and resident memory after a tenth of them and at the end.

const fs = require('node:fs')
const { isMainThread, parentPort, Worker } = require('node:worker_threads')

const MiB = 2 ** 20
const load = () => require('../../..')

function work () {
  const { alloc, copyOnto, dispose, External, view } = load()
  for (let i = 0; i < 5; i++) {
    const object = i % 3 ? alloc(MiB, {}) : new External(MiB)
    view(object).fill(1)
    copyOnto(object, 0, alloc(100), 50, 50)
    if (i % 2) dispose(object)
  }
  parentPort.postMessage(alloc(MiB)[0])
}

function runOne () {
  const worker = new Worker(__filename)
  let answer
  worker.once('message', (message) => { answer = message })
  return new Promise((resolve, reject) => worker.on('error', reject).on('exit', () => resolve(answer)))
}

function state () {
  if (process.platform !== 'linux') return { threads: 0, mappings: 0, resident: process.memoryUsage.rss() }
  return {
    threads: fs.readdirSync('/proc/self/task').length,
    mappings: fs.readFileSync('/proc/self/maps', 'latin1').split('\n').length,
    resident: process.memoryUsage.rss()
  }
}

async function main (count, atATime, mode) {
  const held = mode === 'main first' ? load().alloc(MiB) : undefined
  const answers = []
  let early
  while (answers.length < count) {
    answers.push(...await Promise.all(Array.from({ length: atATime }, runOne)))
    if (early === undefined && answers.length >= count / 10) early = state()
  }
  // Longer than idle memory waits for its next use.
  await new Promise((resolve) => setTimeout(resolve, 1600))
  const usage = held && (({ blocks, bytes }) => ({ blocks, bytes }))(load().memoryUsage())
  console.log(JSON.stringify({ answers, early, late: state(), usage }))
}

if (isMainThread) main(Number(process.argv[2]), Number(process.argv[3]), process.argv[4])
else work()
