'use strict'

// Reads which loader an ELF program asks for: its program interpreter.

const fs = require('node:fs')

const EMPTY = Buffer.alloc(0)
const MAGIC = '\x7fELF'
/** The type of the program header that says where the interpreter's path lies. */
const PT_INTERP = 3

/** Limits for damaged files. Node has a dozen program headers of 56 bytes, and the system allows paths of this length. */
const HEADERS_LIMIT_BYTES = 64 << 10
const PATH_LIMIT_BYTES = 4096

/** The offsets of the fields in bytes, by the class of the file: words of 32 bits (1) or of 64 bits (2). */
const LAYOUTS = {
  1: { table: 28, entrySize: 42, entries: 44, offset: 4, length: 16, header: 32, word: (bytes, at) => bytes.readUInt32LE(at) },
  2: { table: 32, entrySize: 54, entries: 56, offset: 8, length: 32, header: 56, word: (bytes, at) => Number(bytes.readBigUInt64LE(at)) }
}

/** Such as '/lib/ld-musl-x86_64.so.1'; '' if `file` names none, is no little-endian ELF program, or cannot be read. */
function interpreterOf (file) {
  try {
    const descriptor = fs.openSync(file)
    try {
      return interpreter((length, position) => read(descriptor, length, position))
    } finally {
      fs.closeSync(descriptor)
    }
  } catch (error) {
    return ''
  }
}

function interpreter (read) {
  const head = read(64, 0)
  const layout = LAYOUTS[head[4]]
  if (head.length < 64 || head.toString('latin1', 0, 4) !== MAGIC || layout === undefined || head[5] !== 1) return ''
  const size = head.readUInt16LE(layout.entrySize)
  if (size < layout.header) return ''
  const headers = read(Math.min(size * head.readUInt16LE(layout.entries), HEADERS_LIMIT_BYTES), layout.word(head, layout.table))
  for (let at = 0; at + size <= headers.length; at += size) {
    if (headers.readUInt32LE(at) !== PT_INTERP) continue
    const length = Math.min(layout.word(headers, at + layout.length), PATH_LIMIT_BYTES)
    return read(length, layout.word(headers, at + layout.offset)).toString('latin1').split('\0')[0]
  }
  return ''
}

/** Reads `length` bytes at `position`; fewer if the file ends before. */
function read (descriptor, length, position) {
  if (length === 0 || !Number.isSafeInteger(position)) return EMPTY
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, fs.readSync(descriptor, bytes, 0, length, position))
}

module.exports = { interpreterOf }
