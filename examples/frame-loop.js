'use strict'

// Works through frames of 16 MiB, one a turn of the event loop, and shows how much memory the process has resident:
// once with dispose, once leaving the frames to the garbage collector. Each runs in a process of its own.

const { execFileSync } = require('node:child_process')
const { setImmediate: turn } = require('node:timers/promises')
const smalloc = require('..') // in your own code: require('smalloc')

const MiB = 1 << 20
const FRAME = 16 * MiB
const FRAMES = 120
const SHOWN_EVERY = 20

async function work (disposes) {
  const resident = []
  for (let number = 1; number <= FRAMES; number++) {
    const frame = smalloc.alloc(FRAME)
    smalloc.view(frame).fill(number)
    await turn()
    resident.push(Math.round(process.memoryUsage.rss() / MiB))
    if (disposes) smalloc.dispose(frame)
  }
  return resident
}

function runApart (mode) {
  return JSON.parse(execFileSync(process.execPath, [__filename, mode], { encoding: 'utf8' }))
}

function print (withDispose, without) {
  const row = (...cells) => console.log(cells.map((cell) => String(cell).padStart(14)).join(''))
  console.log(`resident memory in MiB; a frame has ${FRAME / MiB}`)
  row('frame', 'with dispose', 'without')
  row(1, withDispose[0], without[0])
  for (let number = SHOWN_EVERY; number <= FRAMES; number += SHOWN_EVERY) {
    row(number, withDispose[number - 1], without[number - 1])
  }
  row('peak', Math.max(...withDispose), Math.max(...without))
}

async function main (mode) {
  if (mode === undefined) print(runApart('dispose'), runApart('leave'))
  else console.log(JSON.stringify(await work(mode === 'dispose')))
}

main(process.argv[2])
