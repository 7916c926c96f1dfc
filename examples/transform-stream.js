'use strict'

// A transform stream that frees its input once it has made its output, and a last stage that frees what it has written out.
//
// node examples/transform-stream.js [file]

const { createReadStream } = require('node:fs')
const path = require('node:path')
const { Transform, Writable } = require('node:stream')
const { pipeline } = require('node:stream/promises')
const { disposeBuffer } = require('..') // in your own code: require('smalloc')

/** Turns ASCII letters into capitals. */
const upperCase = () => new Transform({
  transform (chunk, encoding, callback) {
    const output = Buffer.allocUnsafeSlow(chunk.length) // of its own: not a part of Node's pool
    for (let i = 0; i < chunk.length; i++) output[i] = chunk[i] >= 97 && chunk[i] <= 122 ? chunk[i] - 32 : chunk[i]
    disposeBuffer(chunk) // nobody else has it: the stage before has passed it on
    callback(null, output)
  }
})

/** Counts capitals. */
class Counter extends Writable {
  capitals = 0

  _write (chunk, encoding, callback) {
    for (const byte of chunk) if (byte >= 65 && byte <= 90) this.capitals++
    disposeBuffer(chunk)
    callback()
  }
}

async function main (file) {
  const counter = new Counter()
  await pipeline(createReadStream(file), upperCase(), counter)
  console.log(`letters  ${counter.capitals}`)
}

main(process.argv[2] ?? path.join(__dirname, '..', 'Cargo.lock'))
