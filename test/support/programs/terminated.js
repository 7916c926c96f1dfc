'use strict'

// Terminates argv[3] workers, one after the other, while they do what argv[2] says; a copy has argv[4] bytes. At the same time
// the main thread allocates, checks and disposes. Prints the result.

const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const { alloc, copyOnto, dispose, view } = require('../../..')
const { inUse } = require('../usage')

const MiB = 2 ** 20
const [work, count, copySize] = process.argv.slice(2)
const ready = () => parentPort.postMessage('ready')

const works = {
  copies () {
    const [source, dest] = [alloc(Number(copySize)), alloc(Number(copySize))]
    copyOnto(source, 0, dest, 0, MiB)
    ready()
    for (;;) copyOnto(source, 0, dest, 0, Number(copySize))
  },
  allocates () {
    ready()
    for (const held = [], i = { next: 0 }; ; i.next++) {
      if (held[i.next % 50] !== undefined) dispose(held[i.next % 50])
      held[i.next % 50] = alloc(i.next % 2 ? MiB : 1000)
    }
  },
  fills () {
    const elements = view(alloc(64 * MiB))
    ready()
    for (let i = 0; ; i++) elements.fill(i)
  },
  attaches () {
    const receiver = {}
    ready()
    for (let i = 0; ; i++) dispose(alloc(i % 2 ? 50 : MiB, receiver))
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Filled with a number each. */
const make = (value) => {
  const object = alloc(MiB, value % 2 ? undefined : {})
  view(object).fill(value)
  return object
}

const holds = (object, value) => Buffer.from(view(object).buffer).equals(Buffer.alloc(MiB, value))

async function main () {
  const before = inUse()
  const kept = [1, 2, 3, 4].map(make)
  const exitCodes = []
  let intact = true
  let alive = 0
  for (let i = 0; i < Number(count); i++) {
    const worker = new Worker(__filename, { argv: process.argv.slice(2) })
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    await sleep(5 + 17 * i % 40)
    let isOver = false
    const end = worker.terminate().finally(() => { isOver = true })
    do {
      const object = make(9)
      await sleep(1)
      intact &&= holds(object, 9)
      dispose(object)
      alive++
    } while (!isOver)
    exitCodes.push(await end)
  }
  intact &&= kept.every((object, i) => holds(object, i + 1))
  for (const object of kept) dispose(object)
  console.log(JSON.stringify({ intact, alive, exitCodes, before, after: inUse() }))
}

if (isMainThread) main()
else works[work]()
