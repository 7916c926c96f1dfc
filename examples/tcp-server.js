'use strict'

// A TCP server that frees each chunk once it has used it. Without that they stay until the collector runs.
//
// node examples/tcp-server.js [MiB] [keep] sends itself so much; with `keep` it frees nothing.

const net = require('node:net')
const { isMainThread, Worker, workerData } = require('node:worker_threads')
const { disposeBuffer } = require('..') // in your own code: require('smalloc')

const MiB = 2 ** 20

/** Calls `use` with each chunk that a client sends; `use` must not keep it. */
function serve (use, isFreed) {
  return net.createServer((socket) => {
    socket.on('data', (chunk) => {
      use(chunk)
      // A socket makes an ArrayBuffer for each chunk. `chunk` may leave the end of it unused (Node 26), so this frees all.
      if (isFreed) disposeBuffer(chunk.buffer)
    })
    socket.on('error', () => socket.destroy())
  })
}

/** Resolves to the figures of one server that has received `byteLength`. */
function measure (isFreed, byteLength) {
  return new Promise((resolve, reject) => {
    let [received, start] = [0, 0]
    const server = serve((chunk) => {
      start ||= performance.now()
      received += chunk.length
      if (received === byteLength) {
        server.close()
        const seconds = (performance.now() - start) / 1000
        resolve({ received, gigabits: received * 8 / seconds / 1e9, resident: process.resourceUsage().maxRSS / 1024 })
      }
    }, isFreed).listen(0, '127.0.0.1', () => {
      const worker = new Worker(__filename, { workerData: { port: server.address().port, byteLength } })
      worker.once('error', reject)
    })
  })
}

/** The client, on a thread of its own. */
function send ({ port, byteLength }) {
  const piece = Buffer.alloc(MiB)
  const socket = net.connect(port, '127.0.0.1')
  let left = byteLength
  const next = () => {
    if (left <= 0) return socket.end()
    left -= MiB
    socket.write(piece, next)
  }
  next()
}

async function main (byteLength, isFreed) {
  const { received, gigabits, resident } = await measure(isFreed, byteLength)
  console.log(`received  ${received} bytes, ${gigabits.toFixed(1)} Gb/s, at most ${Math.round(resident)} MiB resident`)
}

if (isMainThread) main(Number(process.argv[2] ?? 256) * MiB, process.argv[3] !== 'keep')
else send(workerData)
