'use strict'

// Allocates argv[2] bytes until there is no memory left, disposes all and allocates again; then disposes three in four
// and allocates again. Prints how many objects went each time. The caller limits the address space.

const { alloc, dispose, memoryUsage, view } = require('../../..')

const size = Number(process.argv[2])

/** Returns how many there were until one was refused. */
function takeAll (held) {
  const before = held.length
  try {
    for (;;) {
      const object = alloc(size)
      held.push(object)
      view(object)[0] = view(object)[size - 1] = 1
    }
  } catch (error) {
    if (error.code !== 'ERR_MEMORY_ALLOCATION_FAILED') throw error
    return held.length - before
  }
}

function disposeAll (objects) {
  for (const object of objects) dispose(object)
}

const held = []
const first = takeAll(held)
disposeAll(held.splice(0))
const again = takeAll(held)
const quarter = held.filter((_, index) => index % 4 === 0)
disposeAll(held.filter((_, index) => index % 4 !== 0))
const disposed = held.length - quarter.length
const between = takeAll(quarter)
disposeAll(quarter)
console.log(JSON.stringify({ first, again, disposed, between, usage: memoryUsage() }))
