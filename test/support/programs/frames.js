'use strict'

// The main thread sends argv[2] frames to workers, of the lengths in argv[3] (such as 1000,200000) in turn. A worker passes some
// frames to the next worker, some back, keeps some, and drops some. After LIFE messages it ends in one of the ways that the
// other arguments name, and new workers start. Prints how many frames had wrong bytes, and what is left in the end. Needs
// --expose-gc.

const { isMainThread, MessageChannel, parentPort, Worker, workerData } = require('node:worker_threads')
const { adopt, alloc, dispose, External, release, view } = require('../../..')
const { collect } = require('../collect')
const { inUse } = require('../usage')

/** After so many messages a worker ends. */
const LIFE = 40
/** With so many messages waiting the main thread slows down. */
const MOST = 20

const isAll = (bytes, value) => bytes[0] === value && bytes[bytes.length >> 1] === value && bytes.at(-1) === value
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const ends = {
  exits: () => process.exit(0),
  throws: () => { throw new Error('on purpose') },
  'rejects a promise': () => { Promise.reject(new Error('on purpose')) },
  'is terminated': () => parentPort.postMessage({ terminateMe: true }),
  'closes its port': () => parentPort.close()
}

/** Made anew at each stop: every kind of object holds frames. */
const adoptAs = [
  (memory) => adopt(memory), (memory) => adopt(memory, {}), (memory) => adopt(memory, class A extends Map {}), (memory) => adopt(memory, 1)
]

function work ({ end, next }) {
  const kept = []
  let wrong = 0
  let count = 0
  const take = ({ memory, value }) => {
    if (count === LIFE) return // it arrived, and nobody takes it
    const frame = adoptAs[count % adoptAs.length](memory)
    const bytes = new Uint8Array(view(frame).buffer)
    if (!isAll(bytes, value)) wrong++
    bytes.fill(value + 1)
    const own = count % 2 ? new External(1000) : alloc(1 << 20)
    switch (count++ % 5) {
      case 0: dispose(frame); parentPort.postMessage({ wrong }); break
      case 1: kept.push(frame, own); parentPort.postMessage({ wrong }); break
      case 2: parentPort.postMessage({ wrong }); break // to this thread's collector
      case 3: pass(parentPort, frame, value + 1, { wrong }); break
      case 4: pass(next, frame, value + 1); parentPort.postMessage({ wrong })
    }
    if (count === LIFE) ends[end]()
  }
  parentPort.on('message', take)
  next.on('message', take)
}

function pass (port, frame, value, more) {
  const memory = release(frame)
  port.postMessage({ memory, value, ...more }, [memory])
}

const makers = [alloc, (length) => alloc(length, {}), (length) => new External(length), (length) => alloc(length, () => {})]

async function main (count, sizes, names) {
  const before = inUse()
  const wrong = { main: 0, workers: 0 }
  let [home, answered, started, ended] = [0, 0, 0, 0]

  function start (port) {
    const end = names[started++ % names.length]
    const worker = new Worker(__filename, { workerData: { end, next: port }, transferList: [port], stderr: true })
    const one = { worker, waiting: 0, wrong: 0, isOver: false }
    worker.on('message', ({ memory, value, wrong: found, terminateMe }) => {
      if (terminateMe) return worker.terminate()
      one.waiting--
      answered++
      one.wrong = found ?? one.wrong
      if (memory === undefined) return
      const frame = adoptAs[answered % adoptAs.length](memory)
      if (!isAll(new Uint8Array(view(frame).buffer), value)) wrong.main++
      if (answered % 2) dispose(frame) // else to the collector
      home++
    })
    worker.on('error', () => {})
    worker.on('exit', () => {
      one.isOver = true
      wrong.workers += one.wrong
      ended++
    })
    return one
  }

  /** Two neighbours share a channel; what is in it when both have ended was never received. */
  function startAll () {
    const [shared, other] = [new MessageChannel(), new MessageChannel()]
    other.port2.on('message', () => {}).unref()
    return [shared.port1, shared.port2, other.port1].map(start)
  }

  let workers = startAll()
  for (let sent = 0; sent < count;) {
    if (workers.every(({ isOver }) => isOver)) workers = startAll()
    const [next] = workers.filter(({ isOver }) => !isOver).sort((a, b) => a.waiting - b.waiting)
    if (next.waiting >= MOST) await sleep(1) // who has closed its port takes no more, and others still send to it
    const size = sizes[Math.floor(sent / makers.length) % sizes.length]
    const frame = makers[sent % makers.length](size)
    view(frame).fill(sent % 100)
    pass(next.worker, frame, sent % 100)
    next.waiting++
    sent++
    if (sent % 100 === 0) globalThis.gc()
    if (sent % 10 === 0) await sleep(0)
  }
  await sleep(20)
  await Promise.all(workers.map(({ worker }) => worker.terminate()))
  while (!workers.every(({ isOver }) => isOver)) await sleep(1)
  await collect(500, () => inUse().bytes <= before.bytes)
  const { arrayBuffers } = process.memoryUsage()
  console.log(JSON.stringify({ wrong, home, answered, ended, before, after: inUse(), arrayBuffers }))
}

module.exports = { ends: Object.keys(ends) }

const [count, sizes, ...names] = process.argv.slice(2)
if (!isMainThread) work(workerData)
else if (require.main === module) main(Number(count), sizes.split(',').map(Number), names)
