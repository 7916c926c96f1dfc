'use strict'

// Works through frames of 16 MiB, a turn of the event loop each, and prints as JSON the resident memory over time:
// pairs of milliseconds and bytes. The arguments: the name of the loop and how long it runs, in milliseconds.

const smalloc = require('../..')
const { MiB } = require('./sizes')

const FRAME = 16 * MiB
/** 60 frames a second. */
const INTERVAL = 1000 / 60

const { fill } = Uint8Array.prototype

const loops = {
  dispose (value) {
    const frame = smalloc.alloc(FRAME)
    fill.call(frame, value)
    smalloc.dispose(frame)
  },
  collect (value) {
    fill.call(smalloc.alloc(FRAME), value)
  },
  buffer (value) {
    Buffer.alloc(FRAME).fill(value)
  }
}

function main () {
  const frame = loops[process.argv[2]]
  const duration = Number(process.argv[3])
  const start = performance.now()
  const samples = [[0, process.memoryUsage.rss()]]
  const timer = setInterval(() => {
    frame(samples.length)
    const elapsed = performance.now() - start
    samples.push([Math.round(elapsed), process.memoryUsage.rss()])
    if (elapsed < duration) return
    clearInterval(timer)
    process.stdout.write(JSON.stringify(samples))
  }, INTERVAL)
}

main()
