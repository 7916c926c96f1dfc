'use strict'

// Works through frames of 16 MiB, a turn of the event loop each, and prints how many MiB are resident after each.
//
//   node frame-loop.js dispose|collect|buffer <frames>

const { setInterval } = require('node:timers/promises')
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

async function main (name, frames) {
  const resident = []
  for await (const _ of setInterval(1000 / FRAMES_A_SECOND)) { // eslint-disable-line no-unused-vars
    loops[name](resident.length)
    resident.push(Math.round(process.memoryUsage.rss() / MiB))
    if (resident.length === frames) break
  }
  process.stdout.write(JSON.stringify(resident))
}

main(process.argv[2], Number(process.argv[3]))
