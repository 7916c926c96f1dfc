'use strict'

// Only a worker loads the addon. It allocates, copies and disposes so much that all threads of Rust start, and ends. The main
// thread then runs for longer than idle memory waits. Prints what the worker answered, and how often a timer has run since.

const { isMainThread, parentPort, Worker } = require('node:worker_threads')

const BYTES = 64 << 20

function work () {
  const { alloc, copyOnto, dispose, trim } = require('../../..')
  const [from, to] = [alloc(BYTES), alloc(BYTES)]
  from[BYTES - 1] = 7
  copyOnto(from, 0, to, 0, BYTES)
  const answer = to[BYTES - 1]
  dispose(from)
  trim()
  dispose(to)
  parentPort.postMessage(answer)
}

function main () {
  const worker = new Worker(__filename)
  let answer
  worker.on('message', (message) => { answer = message })
  worker.on('exit', () => {
    let alive = 0
    const timer = setInterval(() => alive++, 100)
    setTimeout(() => {
      clearInterval(timer)
      console.log(JSON.stringify({ answer, alive }))
    }, 1600)
  })
}

if (isMainThread) main()
else work()
