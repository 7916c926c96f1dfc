'use strict'

// What is timed. Each function makes one side of a row: `loop(n)` does the work n times; `check(n)`, outside the timed part,
// throws unless the last loop of n did it.
//
// Every loop is written out on purpose, even if it reads like another one. V8 shares what it learns between functions of the
// same source text: a loop that two sides share sees two kinds of object, and is slow with both.

const assert = require('node:assert')
const smalloc = require('../..')

/** Fills all of them: Buffer's own `fill` ends there, too. */
const { fill } = Uint8Array.prototype

/** Throws unless each byte is `value`: the first is, and each equals the one before it. memcmp checks that fast. */
function checkFilled (view, size, value) {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.length)
  assert.strictEqual(bytes.length, size)
  assert.strictEqual(bytes[0], value)
  assert(bytes.subarray(1).equals(bytes.subarray(0, -1)))
}

// release, adopt

function releaseAdopt (size) {
  let object = smalloc.alloc(size)
  const loop = (n) => { for (let i = 0; i < n; i++) object = smalloc.adopt(smalloc.release(object)) }
  return { loop, check: () => checkFilled(smalloc.view(object), size, 0) }
}

function transferTwice (size) {
  let arrayBuffer = new ArrayBuffer(size)
  const loop = (n) => { for (let i = 0; i < n; i++) arrayBuffer = arrayBuffer.transfer().transfer() }
  return { loop, check: () => checkFilled(new Uint8Array(arrayBuffer), size, 0) }
}

// alloc

function allocate (size) {
  let last
  const loop = (n) => { for (let i = 0; i < n; i++) last = smalloc.alloc(size) }
  return { loop, check: () => checkFilled(smalloc.view(last), size, 0) }
}

function allocateBuffer (size) {
  let last
  const loop = (n) => { for (let i = 0; i < n; i++) last = Buffer.alloc(size) }
  return { loop, check: () => checkFilled(last, size, 0) }
}

function allocateUint8Array (size) {
  let last
  const loop = (n) => { for (let i = 0; i < n; i++) last = new Uint8Array(size) }
  return { loop, check: () => checkFilled(last, size, 0) }
}

function allocateUnsafe (size) {
  let last
  const loop = (n) => { for (let i = 0; i < n; i++) last = smalloc.allocUnsafe(size) }
  return { loop, check: () => checkFilled(smalloc.view(fill.call(last, 7)), size, 7) }
}

function allocateUnsafeSlow (size) {
  let last
  const loop = (n) => { for (let i = 0; i < n; i++) last = Buffer.allocUnsafeSlow(size) }
  return { loop, check: () => checkFilled(last.fill(7), size, 7) }
}

function constructExternal (size) {
  class Data extends smalloc.External {
    constructor (length) {
      super(length)
      this.used = 0
    }
  }
  let last
  const loop = (n) => { for (let i = 0; i < n; i++) last = new Data(size) }
  return { loop, check: () => checkFilled(smalloc.view(last), size, 0) }
}

function constructUint8Array (size) {
  class Data extends Uint8Array {
    constructor (length) {
      super(length)
      this.used = 0
    }
  }
  let last
  const loop = (n) => { for (let i = 0; i < n; i++) last = new Data(size) }
  return { loop, check: () => checkFilled(last, size, 0) }
}

// alloc, release

function allocateDispose (size) {
  let last
  const loop = (n) => {
    for (let i = 0; i < n; i++) {
      last = smalloc.alloc(size)
      smalloc.dispose(last)
    }
  }
  return { loop, check: () => assert.strictEqual(last[0], undefined) }
}

function allocateUnsafeDispose (size) {
  let last
  const loop = (n) => {
    for (let i = 0; i < n; i++) {
      last = smalloc.allocUnsafe(size)
      smalloc.dispose(last)
    }
  }
  return { loop, check: () => assert.strictEqual(last[0], undefined) }
}

function transferAway (size) {
  let last
  const loop = (n) => {
    for (let i = 0; i < n; i++) {
      last = new Uint8Array(size)
      last.buffer.transfer(0)
    }
  }
  return { loop, check: () => assert.strictEqual(last.length, 0) }
}

function transferUnsafeAway (size) {
  let last
  const loop = (n) => {
    for (let i = 0; i < n; i++) {
      last = Buffer.allocUnsafeSlow(size)
      last.buffer.transfer(0)
    }
  }
  return { loop, check: () => assert.strictEqual(last.length, 0) }
}

// alloc, fill, release. `first` is the first byte of the last memory filled.

/** Checks that byte, then that `fillOne(7)` fills all bytes of what it returns. */
const checkLastFill = (first, n, size, fillOne) => {
  assert.strictEqual(first, (n - 1) & 255)
  checkFilled(fillOne(7), size, 7)
}

function allocateFillDispose (size) {
  let first
  const loop = (n) => {
    for (let i = 0; i < n; i++) {
      const object = smalloc.alloc(size)
      fill.call(object, i)
      first = object[0]
      smalloc.dispose(object)
    }
  }
  return {
    loop,
    check (n) {
      const object = smalloc.alloc(size)
      checkFilled(smalloc.view(object), size, 0)
      checkLastFill(first, n, size, (value) => smalloc.view(fill.call(object, value)))
      smalloc.dispose(object)
      assert.strictEqual(object[0], undefined)
    }
  }
}

function allocateUnsafeFillDispose (size) {
  let first
  const loop = (n) => {
    for (let i = 0; i < n; i++) {
      const object = smalloc.allocUnsafe(size)
      fill.call(object, i)
      first = object[0]
      smalloc.dispose(object)
    }
  }
  return { loop, check: (n) => checkLastFill(first, n, size, (value) => smalloc.view(fill.call(smalloc.allocUnsafe(size), value))) }
}

function fillOneBuffer (size) {
  const buffer = Buffer.alloc(size)
  let first
  const loop = (n) => {
    for (let i = 0; i < n; i++) {
      buffer.fill(i)
      first = buffer[0]
    }
  }
  return { loop, check: (n) => checkLastFill(first, n, size, (value) => buffer.fill(value)) }
}

function fillBuffer (size) {
  let first
  const loop = (n) => {
    for (let i = 0; i < n; i++) {
      const buffer = Buffer.alloc(size)
      buffer.fill(i)
      first = buffer[0]
    }
  }
  return { loop, check: (n) => checkLastFill(first, n, size, (value) => Buffer.alloc(size).fill(value)) }
}

function fillUnsafeBuffer (size) {
  let first
  const loop = (n) => {
    for (let i = 0; i < n; i++) {
      const buffer = Buffer.allocUnsafe(size)
      buffer.fill(i)
      first = buffer[0]
    }
  }
  return { loop, check: (n) => checkLastFill(first, n, size, (value) => Buffer.allocUnsafe(size).fill(value)) }
}

function fillUint8Array (size) {
  let first
  const loop = (n) => {
    for (let i = 0; i < n; i++) {
      const array = new Uint8Array(size)
      array.fill(i)
      first = array[0]
    }
  }
  return { loop, check: (n) => checkLastFill(first, n, size, (value) => new Uint8Array(size).fill(value)) }
}

function fillTransfer (size) {
  let first
  let last
  const loop = (n) => {
    for (let i = 0; i < n; i++) {
      const array = new Uint8Array(size)
      array.fill(i)
      first = array[0]
      array.buffer.transfer(0)
      last = array
    }
  }
  return {
    loop,
    check (n) {
      assert.strictEqual(last.length, 0)
      checkLastFill(first, n, size, (value) => new Uint8Array(size).fill(value))
    }
  }
}

// Copies. Both sides have the same blocks, so that neither has the better pages.

/** No power of two in length, so that bytes moved to the wrong place show. */
const PATTERN = Uint8Array.from({ length: 251 }, (_, i) => i)

/** `source` and `dest`, and Buffers over the same memory. */
function newBlocks (size) {
  const source = smalloc.alloc(size)
  const dest = smalloc.alloc(size)
  const sourceBuffer = Buffer.from(smalloc.view(source).buffer).fill(PATTERN)
  return { size, source, dest, sourceBuffer, destBuffer: Buffer.from(smalloc.view(dest).buffer) }
}

function withCopyCheck ({ sourceBuffer, destBuffer }, loop) {
  const check = () => {
    destBuffer.fill(0)
    loop(1)
    assert(sourceBuffer.equals(destBuffer))
  }
  return { loop, check }
}

function copyOnto (blocks) {
  const { size, source, dest } = blocks
  return withCopyCheck(blocks, (n) => { for (let i = 0; i < n; i++) smalloc.copyOnto(source, 0, dest, 0, size) })
}

function copyBuffer (blocks) {
  const { size, sourceBuffer, destBuffer } = blocks
  return withCopyCheck(blocks, (n) => { for (let i = 0; i < n; i++) sourceBuffer.copy(destBuffer, 0, 0, size) })
}

function copySet (blocks) {
  const [source, dest] = [blocks.sourceBuffer, blocks.destBuffer].map(({ buffer }) => new Uint8Array(buffer))
  return withCopyCheck(blocks, (n) => { for (let i = 0; i < n; i++) dest.set(source, 0) })
}

// Elements: one piece of work is one pass over all of them.

function readOurs (object) {
  const { length } = smalloc.view(object).fill(3)
  let sum
  const loop = (n) => {
    for (let pass = 0; pass < n; pass++) {
      let total = 0
      for (let i = 0; i < length; i++) total += object[i]
      sum = total
    }
  }
  return { loop, check: () => assert.strictEqual(sum, 3 * length) }
}

/** Of an object whose elements are 3. */
function readTheirs (object, length) {
  let sum
  const loop = (n) => {
    for (let pass = 0; pass < n; pass++) {
      let total = 0
      for (let i = 0; i < length; i++) total += object[i]
      sum = total
    }
  }
  return { loop, check: () => assert.strictEqual(sum, 3 * length) }
}

const checkWritten = (view) => assert(view.every((element, i) => element === ((i + view[0]) & 255)))

function writeOurs (object) {
  const { length } = smalloc.view(object)
  const loop = (n) => {
    for (let pass = 0; pass < n; pass++) {
      for (let i = 0; i < length; i++) object[i] = i + n
    }
    object[0] = n
  }
  return { loop, check: () => checkWritten(smalloc.view(object)) }
}

function writeTheirs (array) {
  const { length } = array
  const loop = (n) => {
    for (let pass = 0; pass < n; pass++) {
      for (let i = 0; i < length; i++) array[i] = i + n
    }
    array[0] = n
  }
  return { loop, check: () => checkWritten(array) }
}

// Receivers

function attachLarge (size) {
  let last
  const loop = (n) => {
    for (let i = 0; i < n; i++) {
      last = smalloc.alloc(size, {})
      smalloc.dispose(last)
    }
  }
  return { loop, check: () => checkAttach(size, last) }
}

function attachSmall (size) {
  let last
  const loop = (n) => {
    for (let i = 0; i < n; i++) {
      last = smalloc.alloc(size, {})
      smalloc.dispose(last)
    }
  }
  return { loop, check: () => checkAttach(size, last) }
}

function checkAttach (size, disposed) {
  assert.strictEqual(smalloc.hasExternalData(disposed), false)
  assert.strictEqual(disposed[0], undefined)
  const receiver = smalloc.alloc(size, {})
  receiver[size - 1] = 5
  assert.strictEqual(receiver[size - 1], 5)
  assert.strictEqual(receiver[size], undefined)
  smalloc.dispose(receiver)
}

/** Accessors that do no more than read and write the element. */
function accessorsOf (elements) {
  const descriptors = {}
  elements.forEach((_, i) => {
    descriptors[i] = { get: () => elements[i], set: (value) => { elements[i] = value }, enumerable: true, configurable: true }
  })
  return descriptors
}

/** What attaching must do, at the least. */
function defineAccessors (length) {
  const descriptors = accessorsOf(new Uint8Array(length))
  let last
  const loop = (n) => {
    for (let i = 0; i < n; i++) {
      last = Object.defineProperties({}, descriptors)
      for (let index = 0; index < length; index++) delete last[index]
    }
  }
  return { loop, check: () => assert.deepStrictEqual(last, {}) }
}

const readAccessors = (length) => readTheirs(Object.defineProperties({}, accessorsOf(new Uint8Array(length).fill(3))), length)

/** A prototype whose `get` trap does no more than read the element. */
const readProxy = (length) =>
  readTheirs(Object.create(new Proxy(new Uint8Array(length).fill(3), { get: (target, key) => target[key] })), length)

module.exports = {
  releaseAdopt, transferTwice,
  allocate, allocateBuffer, allocateUint8Array, allocateUnsafe, allocateUnsafeSlow, constructExternal, constructUint8Array,
  allocateDispose, allocateUnsafeDispose, transferAway, transferUnsafeAway,
  allocateFillDispose, allocateUnsafeFillDispose,
  fillOneBuffer, fillBuffer, fillUnsafeBuffer, fillUint8Array, fillTransfer,
  newBlocks, copyOnto, copyBuffer, copySet,
  readOurs, readTheirs, writeOurs, writeTheirs,
  attachLarge, attachSmall, defineAccessors, readAccessors, readProxy
}
