'use strict'

// The SHA-256 of a file, by streams; each chunk is freed once it has been hashed.
//
// node examples/file-hasher.js [file]

const { createHash } = require('node:crypto')
const { createReadStream } = require('node:fs')
const path = require('node:path')
const { disposeBuffer } = require('..') // in your own code: require('smalloc')

async function hashOf (file, isFreed = true) {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) {
    hash.update(chunk) // has read it when it returns
    if (isFreed) disposeBuffer(chunk)
  }
  return hash.digest('hex')
}

async function main (file, isFreed) {
  const start = performance.now()
  console.log(`${await hashOf(file, isFreed)}  ${path.basename(file)}`)
  if (process.argv[3] === undefined) return
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024)
  console.log(`${Math.round(performance.now() - start)} ms, at most ${mebibytes} MiB resident`)
}

main(process.argv[2] ?? path.join(__dirname, '..', 'Cargo.lock'), process.argv[3] !== 'keep')
