'use strict'

// Fills argv[2] blocks of argv[3] bytes, disposes all in one turn, and waits until argv[4] bytes are back with the system, at
// most half a minute. Prints `{ full, left }`, in resident bytes. With argv[5], the engine frees one large block of malloc
// first: glibc then takes blocks up to that size from its heap, and can return that only from its end.

const { setTimeout: passed } = require('node:timers/promises')
const { alloc, dispose, view } = require('../../..')
const { takeBack } = require('../../../lib/native/binding')

const [times, size, least] = process.argv.slice(2, 5).map(Number)

async function main () {
  if (process.argv[5] !== undefined) takeBack(new ArrayBuffer(2 ** 24))
  const objects = Array.from({ length: times }, () => alloc(size))
  for (const object of objects) view(object).fill(1)
  const full = process.memoryUsage.rss()
  for (const object of objects) dispose(object)
  objects.length = 0
  let left
  for (let waited = 0; waited < 300; waited++) {
    left = process.memoryUsage.rss()
    if (full - left >= least) break
    await passed(100)
  }
  console.log(JSON.stringify({ full, left }))
}

main()
