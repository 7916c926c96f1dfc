'use strict'

// Memory that one object shows and one owner has filled: an allocation, or a slice of one. Whoever writes to a piece
// writes the owner's pattern back, so that at any time every byte of it is known.

const { hasExternalData, view } = require('../..')
const pattern = require('./pattern')

/** In bytes: pieces of more are looked at in samples, as a rule. */
const SAMPLED = 4 << 20
const SAMPLES = 16

/** In elements: up to here pieces of bytes are filled and read one by one, as programs do. A view would also move what
 * V8 has in its heap out of there. */
const BY_ELEMENTS = 80

class Piece {
  object
  /** A name among Types. */
  type
  /** A number: see `nameOf`. */
  owner
  /** In bytes: where the piece starts in the pattern of its owner. */
  offset
  /** In elements. */
  length
  /** In bytes. */
  elementSize

  constructor (object, { type, owner, offset, length, elementSize }) {
    Object.assign(this, { object, type, owner, offset, length, elementSize })
  }

  get byteLength () {
    return this.length * this.elementSize
  }

  get #byElements () {
    return this.elementSize === 1 && this.length <= BY_ELEMENTS
  }

  #bytes () {
    const { buffer, byteOffset, byteLength } = view(this.object)
    return Buffer.from(buffer, byteOffset, byteLength)
  }

  /** Writes the pattern to the bytes from `start` to `end`. */
  fill (start = 0, end = this.byteLength) {
    if (this.#byElements) {
      const bytes = pattern.expected(this.owner, this.offset + start, end - start)
      for (const [index, byte] of bytes.entries()) this.object[start + index] = byte
    } else {
      pattern.write(this.#bytes().subarray(start, end), this.owner, this.offset + start)
    }
  }

  /** Throws where the piece is not as it must be. Returns how many bytes were looked at. */
  check (random, { whole = this.byteLength <= SAMPLED } = {}) {
    if (!hasExternalData(this.object)) throw new Error(`${this} has no external array data`)
    if (this.#byElements) return this.#checkElements()
    const bytes = this.#bytes()
    if (bytes.length !== this.byteLength) throw new Error(`${this} has a view of ${bytes.length} bytes`)
    this.#checkSomeElements(random)
    const parts = whole ? [[0, bytes.length]] : samplesOf(bytes.length, random)
    for (const [start, end] of parts) {
      this.#refuse(bytes, pattern.differenceFrom(bytes.subarray(start, end), this.owner, this.offset + start), start)
    }
    return parts.reduce((sum, [start, end]) => sum + end - start, 0)
  }

  /** Throws unless the bytes from `start` on are those that `source` has, or had, from `sourceStart` on. */
  checkCopy (start, source, sourceStart, byteLength) {
    const bytes = this.#bytes()
    const copied = bytes.subarray(start, start + byteLength)
    const at = pattern.differenceFrom(copied, source.owner, source.offset + sourceStart)
    if (at === -1) return
    throw new Error(`byte ${at} of ${byteLength} copied from byte ${sourceStart} of ${source} to byte ${start} of ` +
      `${this} is ${copied[at]}${suspect(bytes, start + at)}`)
  }

  /** Throws unless it holds nothing but zeros. */
  checkZeros (random) {
    if (this.#byElements) {
      for (let index = 0; index < this.length; index++) {
        if (this.object[index] !== 0) throw new Error(`element ${index} of fresh ${this} is ${this.object[index]}`)
      }
      return
    }
    const bytes = this.#bytes()
    const parts = bytes.length <= SAMPLED ? [[0, bytes.length]] : samplesOf(bytes.length, random)
    for (const [start, end] of parts) {
      const at = pattern.differenceFromZeros(bytes.subarray(start, end))
      if (at !== -1) {
        const index = start + at
        throw new Error(`byte ${index} of fresh ${this} is ${bytes[index]}, not 0${suspect(bytes, index)}`)
      }
    }
  }

  #checkElements () {
    const { object, length } = this
    const wanted = pattern.expected(this.owner, this.offset, length)
    const found = Buffer.from(Array.from({ length }, (_, index) => object[index]))
    this.#refuse(found, found.findIndex((byte, index) => byte !== wanted[index]), 0)
    if (object[length] !== undefined) throw new Error(`${this} has an element ${length}`)
    return length
  }

  /** Whether the object shows what is in memory, at some indices; and takes it back. */
  #checkSomeElements (random) {
    const { object, length } = this
    const elements = view(object)
    for (let times = 0; times < 3 && length > 0; times++) {
      const index = random.below(length)
      const element = elements[index]
      if (!Object.is(object[index], element)) {
        throw new Error(`element ${index} of ${this} is ${object[index]}; in memory it is ${element}`)
      }
      if (!this.type.match(/Float|Double/)) object[index] = element // a NaN could change its bits
    }
    if (object[length] !== undefined) throw new Error(`${this} has an element ${length}`)
  }

  #refuse (bytes, at, start) {
    if (at === -1) return
    const index = start + at
    const [wanted] = pattern.expected(this.owner, this.offset + index, 1)
    throw new Error(`byte ${index} of ${this} is ${bytes[index]}, not ${wanted}${suspect(bytes, index)}`)
  }

  toString () {
    const from = this.offset === 0 ? '' : `, from byte ${this.offset} on`
    return `${nameOf(this.owner)}${from} (${this.length} ${this.type})`
  }
}

/** Parts of `length` bytes, as pairs of start and end: the first, the last and some between. */
function samplesOf (length, random) {
  const size = Math.min(pattern.CHUNK, length)
  const starts = [0, length - size, ...Array.from({ length: SAMPLES }, () => random.below(length - size + 1))]
  return starts.map((start) => [start, start + size])
}

/** What the 8 bytes around byte `index` say of who has written them. */
function suspect (bytes, index) {
  const start = index - index % 8
  if (start + 8 > bytes.length) return ''
  const { owner, start: position } = pattern.writerOf(bytes.subarray(start, start + 8))
  // A position that no allocation has: it was something else.
  if (position >= 2 ** 30) return ''
  return `: bytes ${start} to ${start + 7} look like byte ${position} of ${nameOf(owner)}`
}

/** One number for what thread `thread`, in its life number `life`, has allocated as number `serial`. */
const ownerOf = (thread, life, serial) => ((thread % 16 << 28) | (life % 256 << 20) | serial % (1 << 20)) >>> 0

const nameOf = (owner) =>
  `allocation ${owner & 0xfffff} of life ${owner >>> 20 & 0xff} of thread ${owner >>> 28}`

module.exports = { Piece, ownerOf }
