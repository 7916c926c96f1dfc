'use strict'

// Frames that are produced on the main thread, worked on by a pool of workers, and freed there. No byte of them is copied:
// `release` takes the memory off a frame, `postMessage` moves it, `adopt` makes it a frame again, `dispose` frees it.
//
// node examples/frame-pool.js [frames] [MiB of each] compares that with a copy by postMessage and with SharedArrayBuffer.

const { availableParallelism } = require('node:os')
const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const smalloc = require('..') // in your own code: require('smalloc')

const MiB = 2 ** 20

/** In flight at a time, for each worker: while one is worked on, the next is there. */
const FRAMES_A_WORKER = 2

/** Some frames, each of which has one task at a time. `send(worker, number)` posts a frame to a worker. */
class Pool {
  #workers

  constructor (size) {
    this.#workers = Array.from({ length: size }, () => new Worker(__filename))
  }

  /** Has `count` frames sent and worked on; resolves to the sum of the answers. */
  async run (count, send) {
    let [sent, sum] = [0, 0]
    await Promise.all(this.#workers.map((worker) => new Promise((resolve, reject) => {
      let busy = 0
      const next = () => {
        while (sent < count && busy < FRAMES_A_WORKER) {
          busy++
          send(worker, sent++)
        }
        if (busy === 0) resolve()
      }
      worker.removeAllListeners('message').on('message', (answer) => {
        busy--
        sum += answer
        next()
      }).once('error', reject)
      next()
    })))
    return sum
  }

  async [Symbol.asyncDispose ?? 'asyncDispose'] () {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}

/** How the bytes of a frame get to a worker. */
const ways = (byteLength) => ({
  'release and adopt' (worker, number) {
    const frame = smalloc.allocUnsafe(byteLength)
    draw(smalloc.view(frame), number)
    const memory = smalloc.release(frame)
    worker.postMessage({ memory }, [memory])
  },
  'postMessage, a copy' (worker, number) {
    const bytes = new Uint8Array(byteLength)
    draw(bytes, number)
    worker.postMessage({ bytes })
  },
  SharedArrayBuffer (worker, number) {
    const bytes = new Uint8Array(new SharedArrayBuffer(byteLength))
    draw(bytes, number)
    worker.postMessage({ bytes })
  }
})

/** What produces a frame: a camera, a decoder, a read of a file. */
function draw (bytes, number) {
  bytes.fill(number)
}

/** What is done with it. */
function measure (bytes) {
  let sum = 0
  for (let i = 0; i < bytes.length; i += 4096) sum += bytes[i]
  return sum
}

function work () {
  parentPort.on('message', ({ memory, bytes }) => {
    if (memory === undefined) return parentPort.postMessage(measure(bytes))
    const frame = smalloc.adopt(memory)
    const sum = measure(smalloc.view(frame))
    smalloc.dispose(frame) // in this call, on this thread
    parentPort.postMessage(sum)
  })
}

async function main (count, byteLength) {
  const pool = new Pool(Math.max(2, availableParallelism() - 1))
  console.log(`${count} frames of ${byteLength / MiB} MiB`)
  for (const [name, send] of Object.entries(ways(byteLength))) {
    const start = performance.now()
    let most = 0
    const sum = await pool.run(count, (worker, number) => {
      send(worker, number)
      most = Math.max(most, process.memoryUsage.rss())
    })
    const seconds = (performance.now() - start) / 1000
    const cells = [name.padEnd(20), `sum ${sum}`, `${(count / seconds).toFixed(0)} frames/s`, `${Math.round(most / MiB)} MiB resident`]
    console.log(cells.join('  '))
  }
  await pool[Symbol.asyncDispose ?? 'asyncDispose']()
  console.log(`still held  ${smalloc.memoryUsage().bytes} bytes`)
}

if (isMainThread) main(Number(process.argv[2] ?? 200), Number(process.argv[3] ?? 4) * MiB)
else work()
