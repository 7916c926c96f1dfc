'use strict'

// Works through frames of 16 MiB, a turn of the event loop each, and prints the resident memory over time: pairs of
// milliseconds and bytes.
//
//   node frame-loop.js dispose|collect|buffer <milliseconds>

const smalloc = require('../..')
const { MiB } = require('./units')

const FRAME_BYTES = 16 * MiB
const FRAMES_A_SECOND = 60

const { fill } = Uint8Array.prototype

const loops = {
  dispose (value) {
    const frame = smalloc.alloc(FRAME_BYTES)
    fill.call(frame, value)
    smalloc.dispose(frame)
  },
  collect: (value) => fill.call(smalloc.alloc(FRAME_BYTES), value),
  buffer: (value) => Buffer.alloc(FRAME_BYTES).fill(value)
}

const [name, milliseconds] = process.argv.slice(2)
const start = performance.now()
const samples = [[0, process.memoryUsage.rss()]]
const timer = setInterval(() => {
  loops[name](samples.length)
  const elapsed = performance.now() - start
  samples.push([Math.round(elapsed), process.memoryUsage.rss()])
  if (elapsed < milliseconds) return
  clearInterval(timer)
  process.stdout.write(JSON.stringify(samples))
}, 1000 / FRAMES_A_SECOND)
