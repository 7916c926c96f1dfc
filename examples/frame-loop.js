'use strict'

// Works through frames of 16 MiB, one a turn of the event loop, and shows how much memory the process has resident: once with
// frames of smalloc's, which it disposes, once with Buffers, which the garbage collector takes. Each runs in its own process.

const { execFileSync } = require('node:child_process')
const { setImmediate: turn } = require('node:timers/promises')
const smalloc = require('..') // in your own code: require('smalloc')

const MiB = 1 << 20
const FRAME = 16 * MiB
const FRAMES = 120
const SHOWN_EVERY = 20

async function work (usesBuffers) {
  const resident = []
  for (let number = 1; number <= FRAMES; number++) {
    const frame = usesBuffers ? Buffer.alloc(FRAME) : smalloc.alloc(FRAME)
    smalloc.view(frame).fill(number)
    await turn()
    resident.push(Math.round(process.memoryUsage.rss() / MiB))
    if (!usesBuffers) smalloc.dispose(frame)
  }
  return resident
}

function runApart (mode) {
  return JSON.parse(execFileSync(process.execPath, [__filename, mode], { encoding: 'utf8' }))
}

function print (disposed, buffers) {
  const row = (...cells) => console.log(cells.map((cell) => String(cell).padStart(14)).join(''))
  console.log(`resident memory in MiB; a frame has ${FRAME / MiB}`)
  row('frame', 'disposed', 'Buffers')
  row(1, disposed[0], buffers[0])
  for (let number = SHOWN_EVERY; number <= FRAMES; number += SHOWN_EVERY) {
    row(number, disposed[number - 1], buffers[number - 1])
  }
  row('peak', Math.max(...disposed), Math.max(...buffers))
}

async function main (mode) {
  if (mode === undefined) print(runApart('smalloc'), runApart('Buffers'))
  else console.log(JSON.stringify(await work(mode === 'Buffers')))
}

main(process.argv[2])
