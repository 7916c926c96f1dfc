'use strict'

// What is timed. Each function makes one side of a row, `[work, check]`: `work(i)` does the work once, for the i-th time.
// `check(last, n)`, outside the timed part, gets what the last of n calls returned, and throws unless the work was done.
//
// Two sides never share the text of their work, even if it reads alike. V8 shares what it learns between functions of the same
// text: code that sees two kinds of object is slow with both. (`receiver` reads no object itself, so both sides may have it.)

const assert = require('node:assert')
const smalloc = require('../..')

/** Fills all of them: Buffer's own `fill` ends there, too. */
const { fill } = Uint8Array.prototype

/** For work that returns memory with no bytes but zeros. */
const isZeros = (size) => (memory) => {
  const { buffer, byteOffset, length } = memory instanceof Uint8Array ? memory : smalloc.view(memory)
  assert.strictEqual(length, size)
  // The first is, and each equals the one before it. memcmp checks that fast.
  const bytes = Buffer.from(buffer, byteOffset, length)
  assert.strictEqual(bytes[0], 0)
  assert(bytes.subarray(1).equals(bytes.subarray(0, -1)))
}

/** For work that returns memory with any bytes. */
const hasLength = (size) => (memory) => isZeros(size)(fill.call(memory, 0))

/** For work that returns memory that it has freed. */
const isGone = (memory) => assert.strictEqual(memory[0], undefined)

/** For work that fills memory with the number of the turn, and returns the last byte. */
const isFilled = (byte, n) => assert.strictEqual(byte, (n - 1) & 255)

const allocate = {
  alloc: (size) => [() => smalloc.alloc(size), isZeros(size)],
  allocUnsafe: (size) => [() => smalloc.allocUnsafe(size), hasLength(size)],
  buffer: (size) => [() => Buffer.alloc(size), isZeros(size)],
  bufferUnsafeSlow: (size) => [() => Buffer.allocUnsafeSlow(size), hasLength(size)],
  uint8Array: (size) => [() => new Uint8Array(size), isZeros(size)],
  externalSubclass (size) {
    class Data extends smalloc.External {
      used = 0
    }
    return [() => new Data(size), isZeros(size)]
  },
  uint8ArraySubclass (size) {
    class Data extends Uint8Array {
      used = 0
    }
    return [() => new Data(size), isZeros(size)]
  }
}

const allocateFree = {
  alloc (size) {
    const work = () => {
      const object = smalloc.alloc(size)
      smalloc.dispose(object)
      return object
    }
    return [work, isGone]
  },
  allocUnsafe (size) {
    const work = () => {
      const object = smalloc.allocUnsafe(size)
      smalloc.dispose(object)
      return object
    }
    return [work, isGone]
  },
  uint8Array (size) {
    const work = () => {
      const array = new Uint8Array(size)
      array.buffer.transfer(0)
      return array
    }
    return [work, isGone]
  },
  bufferUnsafeSlow (size) {
    const work = () => {
      const buffer = Buffer.allocUnsafeSlow(size)
      buffer.buffer.transfer(0)
      return buffer
    }
    return [work, isGone]
  },
  receiver (size) {
    const work = () => {
      const receiver = smalloc.alloc(size, {})
      smalloc.dispose(receiver)
      return receiver
    }
    return [work, isGone]
  },
  /** What attaching must do, at the least. */
  accessors (length) {
    const descriptors = accessorsOf(new Uint8Array(length))
    const work = () => {
      const object = Object.defineProperties({}, descriptors)
      for (let index = 0; index < length; index++) delete object[index]
      return object
    }
    return [work, isGone]
  }
}

/** Allocates, fills, and frees or leaves it to the collector. */
const allocateFill = {
  alloc (size) {
    const work = (i) => {
      const object = smalloc.alloc(size)
      fill.call(object, i)
      const byte = object[size - 1]
      smalloc.dispose(object)
      return byte
    }
    return [work, isFilled]
  },
  allocUnsafe (size) {
    const work = (i) => {
      const object = smalloc.allocUnsafe(size)
      fill.call(object, i)
      const byte = object[size - 1]
      smalloc.dispose(object)
      return byte
    }
    return [work, isFilled]
  },
  buffer: (size) => [(i) => Buffer.alloc(size).fill(i)[size - 1], isFilled],
  bufferUnsafe: (size) => [(i) => Buffer.allocUnsafe(size).fill(i)[size - 1], isFilled],
  uint8Array: (size) => [(i) => new Uint8Array(size).fill(i)[size - 1], isFilled],
  transfer (size) {
    const work = (i) => {
      const array = new Uint8Array(size).fill(i)
      const byte = array[size - 1]
      array.buffer.transfer(0)
      return byte
    }
    return [work, isFilled]
  },
  /** The floor: memory that is allocated once. */
  oneBuffer (size) {
    const buffer = Buffer.alloc(size)
    return [(i) => buffer.fill(i)[size - 1], isFilled]
  }
}

const move = {
  releaseAdopt (size) {
    let object = smalloc.alloc(size)
    const work = () => {
      object = smalloc.adopt(smalloc.release(object))
      return object
    }
    return [work, isZeros(size)]
  },
  transferTwice (size) {
    let arrayBuffer = new ArrayBuffer(size)
    const work = () => {
      arrayBuffer = arrayBuffer.transfer().transfer()
      return arrayBuffer
    }
    return [work, (last) => isZeros(size)(new Uint8Array(last))]
  }
}

/** `source` and `dest`, and views over the same memory. Both sides of a row have the same blocks, so neither has the better pages. */
function newBlocks (size) {
  const [source, dest] = [smalloc.alloc(size), smalloc.alloc(size)]
  const [sourceArray, destArray] = [source, dest].map((object) => new Uint8Array(smalloc.view(object).buffer))
  // No power of two in length, so that bytes moved to the wrong place show.
  const pattern = Uint8Array.from({ length: 251 }, (_, i) => i)
  const sourceBuffer = Buffer.from(sourceArray.buffer).fill(pattern)
  return { size, source, dest, sourceArray, destArray, sourceBuffer, destBuffer: Buffer.from(destArray.buffer) }
}

function withCheck (work, { sourceBuffer, destBuffer }) {
  const check = () => {
    destBuffer.fill(0)
    work()
    assert(sourceBuffer.equals(destBuffer))
  }
  return [work, check]
}

const copy = {
  copyOnto: ({ size, source, dest, ...blocks }) => withCheck(() => smalloc.copyOnto(source, 0, dest, 0, size), blocks),
  buffer: ({ size, ...blocks }) => withCheck(() => blocks.sourceBuffer.copy(blocks.destBuffer, 0, 0, size), blocks),
  set: ({ sourceArray, destArray, ...blocks }) => withCheck(() => destArray.set(sourceArray, 0), blocks)
}

/** One piece of work is one pass over all elements, which are 3. */
const read = {
  ours (object) {
    const { length } = smalloc.view(object).fill(3)
    const work = () => {
      let sum = 0
      for (let i = 0; i < length; i++) sum += object[i]
      return sum
    }
    return [work, (sum) => assert.strictEqual(sum, 3 * length)]
  },
  theirs (object, length) {
    const work = () => {
      let sum = 0
      for (let i = 0; i < length; i++) sum += object[i]
      return sum
    }
    return [work, (sum) => assert.strictEqual(sum, 3 * length)]
  },
  uint8Array: (length) => read.theirs(new Uint8Array(length).fill(3), length),
  accessors: (length) => read.theirs(Object.defineProperties({}, accessorsOf(new Uint8Array(length).fill(3))), length),
  /** A prototype whose `get` trap does no more than read the element. */
  proxy: (length) => read.theirs(Object.create(new Proxy(new Uint8Array(length).fill(3), { get: (target, key) => target[key] })), length)
}

const isWritten = (view) => (_, n) => assert(view.every((element, i) => element === ((i + n - 1) & 255)))

/** The same with a store. */
const write = {
  ours (object) {
    const view = smalloc.view(object)
    const { length } = view
    const work = (n) => { for (let i = 0; i < length; i++) object[i] = i + n }
    return [work, isWritten(view)]
  },
  uint8Array (length) {
    const array = new Uint8Array(length)
    const work = (n) => { for (let i = 0; i < length; i++) array[i] = i + n }
    return [work, isWritten(array)]
  }
}

/** Accessors that do no more than read and write the element. */
function accessorsOf (elements) {
  const descriptors = {}
  elements.forEach((_, i) => {
    descriptors[i] = { get: () => elements[i], set: (value) => { elements[i] = value }, enumerable: true, configurable: true }
  })
  return descriptors
}

module.exports = { allocate, allocateFill, allocateFree, copy, move, newBlocks, read, write }
