'use strict'

// Allocates argv[2] bytes until there is no memory left, lets go of all and allocates again; then lets go of three in
// four and allocates again. To let go is what argv[3] says: 'dispose' or 'drop'. Prints how many objects went each time.
// The caller limits the address space. Needs --expose-gc.

const { setTimeout: passed } = require('node:timers/promises')
const { alloc, dispose, view } = require('../../..')
const { inUse } = require('../usage')

const size = Number(process.argv[2])
const disposes = process.argv[3] === 'dispose'

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

/** Lets go of all but those that `stays` tells to keep. */
async function letGo (held, stays) {
  const all = held.splice(0)
  for (const [index, object] of all.entries()) {
    if (stays(index)) held.push(object)
    else if (disposes) dispose(object)
  }
  all.length = 0
  if (disposes) return
  // The first gc() frees on another thread. The second one counts what is freed.
  globalThis.gc()
  await passed(50)
  globalThis.gc()
}

async function main () {
  const held = []
  const first = takeAll(held)
  await letGo(held, () => false)
  const again = takeAll(held)
  await letGo(held, (index) => index % 4 === 0)
  const free = again - held.length
  const between = takeAll(held)
  await letGo(held, () => false)
  console.log(JSON.stringify({ first, again, free, between, usage: inUse() }))
}

main()
