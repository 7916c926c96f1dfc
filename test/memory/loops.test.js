'use strict'

const assert = require('node:assert/strict')
const path = require('node:path')
const { alloc, allocUnsafe, dispose, Types, view } = require('../..')
const { answerOf, answerOfText } = require('../support/child')
const { kinds } = require('../support/kinds')
const { long, quick } = require('../support/long')
const { isEngineMemory } = require('../support/runtime')

const MiB = 2 ** 20

const loop = (name) => answerOf(path.join(__dirname, '..', '..', 'tools', 'bench', 'memory-loop.js'), [name])

function assertBelow (bytes, limit) {
  assert(bytes < limit * MiB, `${Math.round(bytes / MiB)} MiB, not under ${limit}`)
}

describe('memory in synchronous loops', () => {
  const loops = quick([
    ['20,000 x 1 MiB, never touched, dropped', 600],
    ['400 x 16 MiB, filled and dropped, a turn each', 1024],
    ['1,000,000 x 32 KiB, each disposed', 400],
    ['1,000,000 x 128 KiB, each disposed', 400],
    ['20 x 256 MiB, filled and dropped', 1.4 * 1024]
  ], [])
  for (const [name, limit] of loops) {
    it(`${name}: peaks under ${Math.round(limit)} MiB`, async () => {
      const { peak } = await loop(name)
      assertBelow(peak, limit)
    })
  }

  const count = quick(6000, 900)
  it(`${count} x 1 MiB, sliced and dropped: peaks under 600 MiB`, async () => {
    assertBelow(await answerOfText(`
      const { alloc, sliceOnto, view } = require('.')
      for (let count = 0; count < ${count}; count++) {
        const source = alloc(2 ** 20)
        view(source).fill(1)
        sliceOnto(source, {}, 0, count % 2 ? 1 : 1000)
      }
      console.log(process.resourceUsage().maxRSS * 1024)`), 600)
  })
})

describe('memory that is disposed in one turn', () => {
  const cases = quick([[1, 1024], [64, 16], [1024, 1]], [[32, 16]])
  /** With `isLargeFirst`, glibc takes blocks up to that size from its heap, and can return that only from its end. */
  const givenBack = async (count, mebibytes, least, isLargeFirst) => {
    const fell = await answerOfText(`
      const { setTimeout: passed } = require('node:timers/promises')
      const { alloc, dispose, view } = require('.')
      if (${isLargeFirst}) require('./lib/native/binding').takeBack(new ArrayBuffer(2 ** 24))
      const objects = Array.from({ length: ${count} }, () => alloc(${mebibytes * MiB}))
      for (const object of objects) view(object).fill(1)
      const full = process.memoryUsage.rss()
      for (const object of objects.splice(0)) dispose(object)
      const fell = () => full - process.memoryUsage.rss()
      const wait = async () => { for (let waited = 0; waited < 300 && fell() < ${least}; waited++) await passed(100) }
      wait().then(() => console.log(fell()))`)
    assert(fell >= least, `fell by ${Math.round(fell / MiB)} MiB`)
  }

  for (const [count, mebibytes] of cases) {
    const nearlyAll = 0.7 * count * mebibytes * MiB

    long.it(`as ${count} x ${mebibytes} MiB goes back to the system without anyone calling anything`,
      () => givenBack(count, mebibytes, nearlyAll, false))

    it(`as ${count} x ${mebibytes} MiB does so where a large block was freed before, but for what the engine's malloc keeps`, async function () {
      // The large block has raised malloc's threshold for mmap, and below it malloc may keep memory. Of 1,024 blocks in one
      // turn of the event loop, only 256 MiB may be lent; the rest is malloc's.
      const least = mebibytes > 1 ? nearlyAll : isEngineMemory ? 0 : 240 * MiB
      if (least === 0) this.skip()
      await givenBack(count, mebibytes, least, true)
    })
  }
})

describe('memory that is used again', () => {
  const sizes = [64, 4096, 65536, 128 << 10, (128 << 10) + 8, MiB, 2 * MiB - 8, 2 * MiB, 3 * MiB + 8, 16 * MiB, 33 * MiB]
  const all = { ...kinds, 'function of Doubles': (size) => alloc(size / 8, () => {}, Types.Double) }

  for (const [name, make] of Object.entries(all)) {
    it(`is zeros in ${name}, at every size, after one of that size and after one that was slightly larger`, () => {
      for (const size of sizes) {
        for (const length of [size, size, size - 8 * Math.floor(size / 64)]) {
          const object = make(length)
          assert(holdsOnly(object, 0), `${length} bytes`)
          bytesOf(object).fill(0xff)
          dispose(object)
        }
      }
    })
  }

  it('serves the next allocation in the same turn: allocUnsafe finds what dispose gave back', () => {
    for (const size of [128 << 10, MiB, 16 * MiB]) {
      const first = allocUnsafe(size)
      bytesOf(first).fill(0xab)
      dispose(first)
      const second = allocUnsafe(size)
      // Node 20 has no `transfer`, so engine memory is not recycled.
      if (!isEngineMemory || ArrayBuffer.prototype.transfer) assert(holdsOnly(second, 0xab), `${size} bytes`)
      dispose(second)
    }
  })

  function bytesOf (object) {
    const { buffer, byteOffset, byteLength } = view(object)
    return Buffer.from(buffer, byteOffset, byteLength)
  }

  const patterns = { 0: Buffer.alloc(33 * MiB), 0xab: Buffer.alloc(16 * MiB, 0xab) }

  const holdsOnly = (object, byte) => {
    const bytes = bytesOf(object)
    return bytes.equals(patterns[byte].subarray(0, bytes.length))
  }
})
