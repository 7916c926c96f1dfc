'use strict'

// A Buffer-like class: bytes with a length, toString, slices that share the memory, and a way to read a file.
// node examples/buffer-like.js [file]

const fs = require('node:fs')
const path = require('node:path')
const smalloc = require('..') // in your own code: require('smalloc')

class Bytes extends smalloc.External {
  constructor (length) {
    super(length)
    this.length = length
  }

  static fromFile (file) {
    const descriptor = fs.openSync(file)
    try {
      const bytes = new Bytes(fs.fstatSync(descriptor).size)
      const target = smalloc.view(bytes) // the same memory: the file is read straight into it
      for (let at = 0, read; at < bytes.length; at += read) {
        const length = Math.min(bytes.length - at, 2 ** 30) // Node reads less than 2 GiB at once
        read = fs.readSync(descriptor, target, at, length, null)
        if (read === 0) throw new Error(`${file} became shorter while it was read`)
      }
      return bytes
    } finally {
      fs.closeSync(descriptor)
    }
  }

  /** The bytes from `start` up to `end`: the same memory, not a copy. */
  slice (start, end) {
    const slice = Object.create(Bytes.prototype)
    smalloc.sliceOnto(this, slice, start, end)
    slice.length = end - start
    return slice
  }

  toString (encoding = 'utf8') {
    const { buffer, byteOffset, byteLength } = smalloc.view(this)
    return Buffer.from(buffer, byteOffset, byteLength).toString(encoding)
  }

  count (wanted) {
    let found = 0
    for (let i = 0; i < this.length; i++) if (this[i] === wanted) found++
    return found
  }
}

const file = process.argv[2] ?? path.join(__dirname, '..', 'Cargo.lock')
const bytes = Bytes.fromFile(file)

let counted = 0
for (const index in bytes) if (index !== 'length') counted++
const { size } = fs.statSync(file)

console.log(`file           ${path.basename(file)}`)
console.log(`bytes counted  ${counted}`)
console.log(`fs.statSync    ${size}`)
console.log(`lines          ${bytes.count(0x0a)}`)
console.log(`first, as hex  ${bytes.slice(0, Math.min(8, bytes.length)).toString('hex')}`)
console.log(`first, as text ${JSON.stringify(bytes.slice(0, Math.min(24, bytes.length)).toString('latin1'))}`)

const head = bytes.slice(0, Math.min(8, bytes.length))
smalloc.dispose(bytes)
console.log(`after dispose  ${smalloc.hasExternalData(bytes)}, its slice ${smalloc.hasExternalData(head)}`)

if (counted !== size) {
  console.error(`${counted} bytes counted, but the file has ${size}`)
  process.exitCode = 1
}
