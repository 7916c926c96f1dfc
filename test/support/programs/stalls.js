'use strict'

// A host has 1 GiB of live and freed Buffers of 8 to 12 KiB. In each of argv[2] rounds it disposes 37 MiB of engine memory and
// 512 MiB in blocks, and waits for longer than disposed memory waits for its next use. Prints by how many bytes the resident
// memory is less after each round than before.

const { setTimeout: passed } = require('node:timers/promises')
const { alloc, dispose, view } = require('../../..')

const MiB = 2 ** 20

/** Half of the Buffers are let go, here and there: malloc keeps the holes. */
function makeHost () {
  const all = Array.from({ length: 1024 * MiB / 10_240 }, (_, index) => Buffer.allocUnsafeSlow(8192 + index * 997 % 4096).fill(1))
  return all.filter((_, index) => index % 8 < 4)
}

async function disposeMuch () {
  const objects = Array.from({ length: 37 * MiB / 60_000 }, () => alloc(60_000))
  for (let i = 0; i < 2; i++) {
    objects.push(...Array.from({ length: 256 }, () => alloc(MiB)))
    await passed(0) // the next turn of the event loop may be lent as much again
  }
  for (const object of objects) view(object).fill(1)
  for (const object of objects) dispose(object)
}

async function main (rounds) {
  globalThis.host = makeHost()
  globalThis.gc()
  const fell = []
  for (let round = 0; round < rounds; round++) {
    const before = process.memoryUsage.rss()
    await disposeMuch()
    await passed(2600)
    fell.push(before - process.memoryUsage.rss())
  }
  console.log(JSON.stringify(fell))
}

main(Number(process.argv[2]))
