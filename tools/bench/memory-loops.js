'use strict'

// Loops that say how well memory comes back. Each takes `alloc`, `free` and `bytesOf` of what is looked at, and may
// return what it measured itself.

const KiB = 1 << 10
const MiB = 1 << 20
const GiB = 1 << 30

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

function allocAndFree (times, size) {
  return ({ alloc, free }) => {
    for (let i = 0; i < times; i++) free(alloc(size))
  }
}

function allocAndDrop (times, size) {
  return ({ alloc }) => {
    for (let i = 0; i < times; i++) alloc(size)
  }
}

function touchAndDrop (times, size) {
  return ({ alloc, bytesOf }) => {
    for (let i = 0; i < times; i++) bytesOf(alloc(size)).fill(1)
  }
}

function dropAcrossTurns (times, size) {
  return async ({ alloc, bytesOf }) => {
    for (let i = 0; i < times; i++) {
      bytesOf(alloc(size)).fill(1)
      await nextTurn()
    }
  }
}

/** Fills so many blocks, frees all in one turn, then does nothing for three seconds: what is resident then? */
function freeAndWait (times, size) {
  return async ({ alloc, free, bytesOf }) => {
    const before = process.memoryUsage.rss()
    const objects = Array.from({ length: times }, () => alloc(size))
    for (const object of objects) bytesOf(object).fill(1)
    const full = process.memoryUsage.rss()
    for (const object of objects) free(object)
    objects.length = 0
    await later(3000)
    return { before, full, left: process.memoryUsage.rss() }
  }
}

module.exports = {
  '1,000,000 x 32 KiB, each disposed': allocAndFree(1e6, 32 * KiB),
  '1,000,000 x 128 KiB, each disposed': allocAndFree(1e6, 128 * KiB),
  '20,000 x 1 MiB, dropped': allocAndDrop(20_000, MiB),
  '20 x 256 MiB, filled and dropped': touchAndDrop(20, 256 * MiB),
  '400 x 16 MiB, filled and dropped, a turn each': dropAcrossTurns(400, 16 * MiB),
  '1 x 1 GiB, disposed, 3 s later': freeAndWait(1, GiB),
  '64 x 16 MiB, disposed, 3 s later': freeAndWait(64, 16 * MiB),
  '1,024 x 1 MiB, disposed, 3 s later': freeAndWait(1024, MiB)
}
