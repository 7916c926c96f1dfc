'use strict'

// Copies to a typed array over an immutable ArrayBuffer. Prints the error. (V8 14 refuses to copy from one, too.)

const { alloc, copyOnto } = require('../../..')

try {
  copyOnto(alloc(3), 0, new Uint8Array(new ArrayBuffer(3).transferToImmutable()), 0, 3)
} catch ({ name, code, message }) {
  console.log(JSON.stringify({ name, code, message }))
}
