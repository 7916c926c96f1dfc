'use strict'

// The main thread never loads the addon; 20 workers do, one after the other.

const { isMainThread, parentPort, Worker } = require('node:worker_threads')

function work () {
  const { alloc, dispose, view } = require('../../..')
  for (let i = 0; i < 5; i++) {
    const object = alloc(2 ** 20)
    view(object).fill(1)
    if (i % 2) dispose(object)
  }
  parentPort.postMessage(alloc(2 ** 20)[0])
}

async function main () {
  const answers = []
  for (let i = 0; i < 20; i++) {
    const worker = new Worker(__filename)
    worker.once('message', (answer) => answers.push(answer))
    await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject))
  }
  // Longer than idle memory waits for its next use.
  await new Promise((resolve) => setTimeout(resolve, 1600))
  console.log(JSON.stringify(answers))
}

if (isMainThread) main()
else work()
