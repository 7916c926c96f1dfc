'use strict'

// What the soak fills memory with: bytes that tell whose they are and where they belong. Every 8 bytes are two words:
// the owner, and the position mixed with the owner; both multiplied by an odd number, so that all their bytes differ
// from one owner to the next. From 8 wrong bytes the multiplication can be undone, and names who wrote them.

const OWNER = 0x9e3779b1
const POSITION = 0x85ebca6b

/** In bytes: small enough for the second level of the cache. */
const CHUNK = 64 << 10

const words = new Uint32Array(CHUNK / 4 + 4)
const bytes = Buffer.from(words.buffer)
const zeros = Buffer.alloc(CHUNK)

/** What `length` bytes of `owner` hold from `start` on, at most CHUNK of them; valid until the next call. */
function expected (owner, start, length) {
  const first = Math.floor(start / 8)
  const end = Math.ceil((start + length) / 8)
  const mark = Math.imul(owner, OWNER)
  for (let position = first, i = 0; position < end; position++, i += 2) {
    words[i] = mark
    words[i + 1] = Math.imul(position, POSITION) ^ mark
  }
  const from = start - first * 8
  return bytes.subarray(from, from + length)
}

/** Writes what `owner` holds from `start` on into all of `target`, a Buffer. */
function write (target, owner, start) {
  forChunks(target.length, (at, length) => {
    target.set(expected(owner, start + at, length), at)
  })
}

/** Where the first byte of `actual`, a Buffer, is that is not `owner`'s from `start` on; -1 if there is none. */
function differenceFrom (actual, owner, start) {
  return firstDifference(actual, (at, length) => expected(owner, start + at, length))
}

/** Where the first byte of `actual`, a Buffer, is that is not 0; -1 if there is none. */
function differenceFromZeros (actual) {
  return firstDifference(actual, (at, length) => zeros.subarray(0, length))
}

function firstDifference (actual, expectedAt) {
  let result = -1
  forChunks(actual.length, (at, length) => {
    if (result !== -1) return
    const found = actual.subarray(at, at + length)
    const wanted = expectedAt(at, length)
    if (!found.equals(wanted)) result = at + found.findIndex((byte, index) => byte !== wanted[index])
  })
  return result
}

function forChunks (length, action) {
  for (let at = 0; at < length; at += CHUNK) action(at, Math.min(CHUNK, length - at))
}

/** Who has written the 8 bytes of `found`, a Buffer, if they are of this pattern: { owner, start }, in bytes. */
function writerOf (found) {
  const mark = found.readUInt32LE(0)
  const position = Math.imul(found.readUInt32LE(4) ^ mark, inverse(POSITION)) >>> 0
  return { owner: Math.imul(mark, inverse(OWNER)) >>> 0, start: position * 8 }
}

/** The number that undoes a multiplication by `odd`, modulo 2^32: each step doubles the bits that are right. */
function inverse (odd) {
  let result = odd
  for (let bits = 3; bits < 32; bits *= 2) result = Math.imul(result, 2 - Math.imul(odd, result))
  return result
}

module.exports = { CHUNK, expected, write, differenceFrom, differenceFromZeros, writerOf }
