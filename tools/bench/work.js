'use strict'

// The sides of the rows. Each function makes one: `loop(n)` does a piece of work n times; `check(n)`, outside the timed part, does
// so, too, and throws unless it was done.

const assert = require('node:assert')
const loops = require('./loops')
const smalloc = require('../..')

let texts = 0

/**
 * The function, compiled again. V8 shares what it learns between functions of the same text, and code that sees two kinds of
 * object is slow with both.
 */
const copyOf = (make) => new Function(`return ${make} // ${texts++}`)()

/** `check` gets what the loop returned, and n. */
function side (make, args, check) {
  const loop = copyOf(make)(...args)
  return { loop, check: (n) => check(loop(n), n) }
}

class Data extends smalloc.External {
  used = 0
}

class ArrayData extends Uint8Array {
  used = 0
}

/** Fills all of them: Buffer's own `fill` ends there, too. */
const { fill } = Uint8Array.prototype

const OURS = { fill: (object, value) => fill.call(object, value), free: smalloc.dispose }
const THEIRS = { fill: (array, value) => array.fill(value), free () {} }
const transfer = (array) => array.buffer.transfer(0)

/** How memory is made, filled and freed. */
const memory = {
  alloc: { ...OURS, make: smalloc.alloc },
  allocUnsafe: { ...OURS, make: smalloc.allocUnsafe },
  external: { make: (size) => new Data(size) },
  receiver: { ...OURS, make: (size) => smalloc.alloc(size, {}) },
  buffer: { ...THEIRS, make: Buffer.alloc },
  bufferUnsafe: { ...THEIRS, make: Buffer.allocUnsafe },
  bufferUnsafeSlow: { make: Buffer.allocUnsafeSlow, free: transfer },
  uint8Array: { ...THEIRS, make: (size) => new Uint8Array(size) },
  uint8ArraySubclass: { make: (size) => new ArrayData(size) },
  transferred: { ...THEIRS, make: (size) => new Uint8Array(size), free: transfer }
}

const viewOf = (memory) => memory instanceof Uint8Array ? memory : smalloc.view(memory)

/** Throws unless it has `size` bytes and each is 0. */
function assertZeros (memory, size) {
  const { buffer, byteOffset, length } = viewOf(memory)
  assert.strictEqual(length, size)
  // The first is, and each equals the one before it. memcmp checks that fast.
  const bytes = Buffer.from(buffer, byteOffset, length)
  assert.strictEqual(bytes[0], 0)
  assert(bytes.subarray(1).equals(bytes.subarray(0, -1)))
}

const assertGone = (memory) => assert.strictEqual(memory[0], undefined)

const allocate = ({ make }, size) => side(loops.allocate, [make, size], (last) => assertZeros(last, size))

const allocateUnsafe = ({ make }, size) =>
  side(loops.allocate, [make, size], (last) => assert.strictEqual(viewOf(last).length, size))

const allocateFree = ({ make, free }, size) => side(loops.allocateFree, [make, free, size], assertGone)

const allocateFill = ({ make, fill, free }, size) =>
  side(loops.allocateFill, [make, fill, free, size], (byte, n) => assert.strictEqual(byte, (n - 1) & 255))

/** The floor: memory that is allocated once. */
function fillOneBuffer (size) {
  const buffer = Buffer.alloc(size)
  return allocateFill({ ...THEIRS, make: () => buffer }, size)
}

function releaseAdopt (size) {
  const { adopt, release } = smalloc
  let object = smalloc.alloc(size)
  const loop = (n) => { for (let i = 0; i < n; i++) object = adopt(release(object)) }
  return { loop, check: () => assertZeros(object, size) }
}

function transferTwice (size) {
  let arrayBuffer = new ArrayBuffer(size)
  const loop = (n) => { for (let i = 0; i < n; i++) arrayBuffer = arrayBuffer.transfer().transfer() }
  return { loop, check: () => assertZeros(new Uint8Array(arrayBuffer), size) }
}

/** Copies of `size` elements of the source, from `start` on. */
const copiesFrom = (start) => ({
  copyOnto: (source, dest, size) => smalloc.copyOnto(source, start, dest, 0, size),
  chunk: (source, dest, size) => smalloc.copyOnto(source, start, dest, 0, size),
  buffer: (source, dest, size) => source.copy(dest, 0, start, start + size),
  set: (source, dest) => dest.set(source, 0)
})

/**
 * A side for each of `names`, over the same blocks, so that neither has the better pages. It copies the whole source; if `isPart`,
 * the second of three parts.
 */
function copy (names, size, isPart = false) {
  const start = isPart ? size : 0
  const objects = [smalloc.alloc(isPart ? 3 * size : size), smalloc.alloc(size)]
  const arrays = objects.map((object) => new Uint8Array(smalloc.view(object).buffer))
  const [source, dest] = arrays.map(({ buffer }) => Buffer.from(buffer))
  // No power of two in length, so that bytes moved to the wrong place show.
  source.fill(Uint8Array.from({ length: 251 }, (_, i) => i))
  return names.map((name) => {
    const blocks = { copyOnto: objects, chunk: [source, objects[1]], buffer: [source, dest], set: arrays }[name]
    const { loop } = side(loops.copy, [copiesFrom(start)[name], ...blocks, size])
    const check = () => {
      dest.fill(0)
      loop(1)
      assert(source.subarray(start, start + size).equals(dest))
    }
    return { loop, check }
  })
}

/** One pass over all elements. */
function read (object, array = viewOf(object)) {
  const { length } = array.fill(3)
  return side(loops.read, [object, length], (sum) => assert.strictEqual(sum, 3 * length))
}

function write (object) {
  const view = viewOf(object)
  return side(loops.write, [object, view.length], (_, n) => assert(view.every((element, i) => element === ((i + n - 1) & 255))))
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
  const make = () => Object.defineProperties({}, descriptors)
  const free = (object) => { for (let index = 0; index < length; index++) delete object[index] }
  return allocateFree({ make, free }, length)
}

function readAccessors (length) {
  const array = new Uint8Array(length)
  return read(Object.defineProperties({}, accessorsOf(array)), array)
}

/** A prototype whose `get` trap does no more than read the element. */
function readProxy (length) {
  const array = new Uint8Array(length)
  return read(Object.create(new Proxy(array, { get: (target, key) => target[key] })), array)
}

module.exports = {
  memory, allocate, allocateUnsafe, allocateFree, allocateFill, fillOneBuffer, releaseAdopt, transferTwice,
  copy, read, write, defineAccessors, readAccessors, readProxy
}
