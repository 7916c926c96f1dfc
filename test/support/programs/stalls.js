'use strict'

// A host that has 1 GiB of live and freed Buffers of 8 to 12 KiB, and makes more. In each of argv[2] rounds it is first quiet,
// then it disposes 37 MiB of engine memory and 512 MiB in blocks. Prints the longest time that one new Buffer took in each, in
// milliseconds, and by how many bytes the resident memory fell.

const { setTimeout: passed } = require('node:timers/promises')
const { alloc, dispose, view } = require('../../..')

const MiB = 2 ** 20
const rounds = Number(process.argv[2])

/** Longer than disposed memory waits for its next use. */
const ROUND_MS = 1300

const bufferOf = (index) => Buffer.allocUnsafeSlow(8192 + index * 997 % 4096).fill(1)

/** Half of them let go, here and there: malloc keeps the holes. */
function makeHost () {
  const all = Array.from({ length: 1024 * MiB / 10_240 }, (_, index) => bufferOf(index))
  return all.filter((_, index) => index % 8 < 4)
}

const sleeper = new Int32Array(new SharedArrayBuffer(4))

/** Makes a Buffer each half millisecond, and returns the longest that one took. Few: the collector has its pauses, too. */
function longestOf (host, milliseconds) {
  const end = performance.now() + milliseconds
  let longest = 0
  for (let index = 0; performance.now() < end; index++) {
    Atomics.wait(sleeper, 0, 0, 0.5)
    const started = performance.now()
    host.push(bufferOf(index))
    longest = Math.max(longest, performance.now() - started)
  }
  return longest
}

async function disposeMuch () {
  const small = Array.from({ length: 37 * MiB / 60_000 }, () => alloc(60_000))
  for (const object of small) view(object).fill(1)
  for (let i = 0; i < 2; i++) {
    const blocks = Array.from({ length: 256 }, () => alloc(MiB))
    for (const object of blocks) view(object).fill(1)
    small.push(...blocks)
    await passed(0) // the next turn of the event loop may be lent as much again
  }
  for (const object of small) dispose(object)
}

async function main () {
  const host = makeHost()
  globalThis.gc()
  const [longest, fell] = [{ quiet: [], dispose: [] }, []]
  longestOf(host, ROUND_MS)
  for (let round = 0; round < rounds; round++) {
    await passed(1)
    longest.quiet.push(longestOf(host, ROUND_MS))
    const before = process.memoryUsage.rss()
    await disposeMuch()
    longest.dispose.push(longestOf(host, ROUND_MS))
    fell.push(before - process.memoryUsage.rss())
  }
  console.log(JSON.stringify({ longest, fell }))
}

main()
