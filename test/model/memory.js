'use strict'

// The model's memory: bytes, and windows of elements on them. It uses nothing of lib/.

const { endianness } = require('node:os')

const isLittle = endianness() === 'LE'

/** On the main thread, allocations of at least so many bytes are blocks of Rust's. soak.test.js checks that it is up to date. */
const CROSSOVER_BYTES = 128 << 10

/** By name of a type: its number in docs/api.md, the bytes of an element, and the name that the methods of DataView have for it. */
const types = {
  Int8: { number: 1, size: 1, method: 'Int8' },
  Uint8: { number: 2, size: 1, method: 'Uint8' },
  Int16: { number: 3, size: 2, method: 'Int16' },
  Uint16: { number: 4, size: 2, method: 'Uint16' },
  Int32: { number: 5, size: 4, method: 'Int32' },
  Uint32: { number: 6, size: 4, method: 'Uint32' },
  Float: { number: 7, size: 4, method: 'Float32' },
  Double: { number: 8, size: 8, method: 'Float64' },
  Uint8Clamped: { number: 9, size: 1, method: 'Uint8', clamped: true },
  BigInt64: { number: 10, size: 8, method: 'BigInt64', big: true },
  BigUint64: { number: 11, size: 8, method: 'BigUint64', big: true }
}
if (globalThis.Float16Array !== undefined) types.Float16 = { number: 12, size: 2, method: 'Float16' }

/** What a Uint8ClampedArray stores for a number: the nearest byte. If two are equally near, the even one. */
function clamp (number) {
  if (!(number > 0)) return 0
  if (number > 255) return 255
  const below = Math.floor(number)
  const rest = number - below
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1
  return rest < 0.5 ? below : below + 1
}

/** All bytes of an ArrayBuffer. */
class Memory {
  live = true
  /** Whether smalloc knows that its ArrayBuffer belongs to an allocation. */
  isOurs = false
  isShared = false
  /** Whether it cannot move to another ArrayBuffer: it is shared, or the pool of Node's Buffers. */
  isFixed = false

  constructor (byteLength) {
    this.bytes = new Uint8Array(byteLength)
  }

  /** Ends this memory and returns another with its bytes. */
  move () {
    const moved = Object.assign(new Memory(0), { bytes: this.bytes })
    this.free()
    return moved
  }

  free () {
    this.live = false
    this.bytes = new Uint8Array(0)
  }
}

/** `length` elements of a type. `offset` and `size` are in bytes. */
class Window {
  constructor (memory, offset, length, type) {
    Object.assign(this, { memory, offset, count: length, type, ...types[type] })
  }

  get length () {
    return this.memory.live ? this.count : 0
  }

  get byteLength () {
    return this.length * this.size
  }

  /** Whether the key of a property, a string, is that of an element. */
  has (key) {
    return isIndex(key) && Number(key) < this.length
  }

  read (key) {
    return new DataView(this.memory.bytes.buffer)[`get${this.method}`](this.offset + Number(key) * this.size, isLittle)
  }

  /** `number` is a number, of BigInt types a BigInt. */
  write (key, number) {
    const view = new DataView(this.memory.bytes.buffer)
    view[`set${this.method}`](this.offset + Number(key) * this.size, this.clamped ? clamp(number) : number, isLittle)
  }

  /** The same bytes as elements of another type. Undefined where they do not fit. */
  as (type) {
    const { size } = types[type]
    if (this.byteLength % size !== 0 || this.offset % size !== 0) return undefined
    return new Window(this.memory, this.offset, this.byteLength / size, type)
  }

  part (start, end) {
    const length = 0 + end - start // an end of -0 is one of 0
    return new Window(this.memory, this.offset + start * this.size, length, this.type)
  }

  /** The bytes themselves, not a copy. */
  bytes () {
    return this.memory.bytes.subarray(this.offset, this.offset + this.byteLength)
  }
}

/** Whether a typed array treats the key as that of an element, even of one that it cannot have: '1', '-1', '1.5', 'NaN', '-0'. */
const isNumeric = (key) => typeof key === 'string' && (key === '-0' || String(Number(key)) === key)

/** Whether a typed array could have an element with this key. */
const isIndex = (key) => isNumeric(key) && key !== '-0' && Number.isSafeInteger(Number(key)) && Number(key) >= 0

/** Whether it is an index of an Array. The engine keeps these keys apart from names. */
const isArrayIndex = (key) => typeof key === 'string' && String(key >>> 0) === key && key !== '4294967295'

module.exports = { CROSSOVER_BYTES, Memory, Window, types, isNumeric, isIndex, isArrayIndex }
