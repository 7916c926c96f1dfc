'use strict'

// Copies, slices and views shared memory while a worker grows it. Prints for each step how often it ran while the memory grew,
// and how often it was wrong.

const { isMainThread, Worker, workerData } = require('node:worker_threads')
const { copyOnto, dispose, sliceOnto, view } = require('../../..')

const KNOWN_BYTES = 64
const GROWTH_BYTES = 8
const MOST_BYTES = 1 << 18

const arrays = Object.getOwnPropertyNames(globalThis).filter((name) => /^(Big)?(Int|Uint|Float)\d+(Clamped)?Array$/.test(name))
const byteAt = (index) => (index * 7 + 1) & 255

/** What the worker does: grows the buffer whose number stands in `current`, until that is negative. */
function grow ({ buffers, current }) {
  for (let number; (number = Atomics.load(current, 0)) >= 0;) {
    const { byteLength } = buffers[number]
    if (byteLength < MOST_BYTES) buffers[number].grow(byteLength + GROWTH_BYTES)
  }
}

/** By name. Each makes, for an array over growing memory whose first bytes are known, a function that answers true where all is right. */
const steps = {
  'copies a part from it': (array, size) => {
    const dest = new Uint8Array(KNOWN_BYTES)
    return () => {
      dest.fill(0)
      copyOnto(array, 16 / size, dest, 3, 32 / size)
      for (let index = 0; index < KNOWN_BYTES; index++) {
        if (dest[index] !== (index < 3 || index >= 35 ? 0 : byteAt(index + 13))) return false
      }
      return true
    }
  },

  'copies all of it that there was': (array) => {
    const dest = new array.constructor(MOST_BYTES + 4) // copied to from 2 on, and one stays untouched
    dest.fill(dest instanceof BigInt64Array || dest instanceof BigUint64Array ? 9n : 9)
    const [untouched] = dest
    return () => {
      const { length } = array
      copyOnto(array, 0, dest, 2, length)
      return dest[2] === array[0] && dest[length + 1] === array[length - 1] && dest[length + 2] === untouched
    }
  },

  'copies to it': (array, size) => {
    const source = Uint8Array.from({ length: 16 }, (_, index) => byteAt(index + 32))
    const bytes = new Uint8Array(array.buffer, 0, KNOWN_BYTES)
    return () => {
      bytes.fill(0, 32, 48)
      copyOnto(source, 0, array, 32 / size, 16)
      for (let index = 0; index < KNOWN_BYTES; index++) if (bytes[index] !== byteAt(index)) return false
      return true
    }
  },

  'slices it': (array) => () => {
    const { length: before } = array
    const dest = {}
    sliceOnto(array, dest)
    const { length } = view(dest)
    const isRight = length >= before && dest[0] === array[0] && dest[length - 1] !== undefined && dest[length] === undefined
    dispose(dest)
    return isRight
  },

  'views it': (array) => () => {
    const { length: before } = array
    const { length, byteLength } = view(array)
    return length >= before && length <= array.length && byteLength === length * array.BYTES_PER_ELEMENT
  }
}

const main = (rounds) => {
  const tasks = arrays.flatMap((name) => Object.keys(steps).map((step) => ({ name, step })))
  const buffers = tasks.map(() => new SharedArrayBuffer(KNOWN_BYTES, { maxByteLength: MOST_BYTES }))
  const current = new Int32Array(new SharedArrayBuffer(4))
  const done = Object.fromEntries(Object.keys(steps).map((step) => [step, { right: 0, wrong: 0 }]))
  new Worker(__filename, { workerData: { buffers, current } }).once('online', () => {
    for (const [number, { name, step }] of tasks.entries()) {
      const array = new globalThis[name](buffers[number])
      new Uint8Array(buffers[number]).forEach((_, index, bytes) => { bytes[index] = byteAt(index) })
      const isRight = steps[step](array, array.BYTES_PER_ELEMENT)
      Atomics.store(current, 0, number)
      for (let round = 0; round < rounds && buffers[number].byteLength < MOST_BYTES; round++) {
        try {
          done[step][isRight() ? 'right' : 'wrong']++
        } catch (error) {
          done[step].wrong++
          done[step].error = error.message
        }
      }
    }
    Atomics.store(current, 0, -1)
    console.log(JSON.stringify(done))
  })
}

if (isMainThread) main(Number(process.argv[2]))
else grow(workerData)
