'use strict'

// Allocates argv[2] bytes until there is no memory left, once for each kind, and prints what was thrown and what went on
// after it. The caller limits the address space. Needs --expose-gc.

const { alloc, allocUnsafe, dispose, External, view } = require('../../..')
const { inUse } = require('../usage')

const MiB = 2 ** 20
const size = Number(process.argv[2])

/**
 * Of small pieces, 256 MiB a turn are blocks of Rust, whose address space comes back. The rest is engine memory, which malloc
 * may keep, and the engine itself grows by 20 MiB.
 */
const LARGE_BYTES = 224 * MiB

const kinds = {
  bare: (size) => alloc(size),
  unzeroed: (size) => allocUnsafe(size),
  receiver: (size) => alloc(size, {}),
  function: (size) => alloc(size, () => {}),
  External: (size) => new External(size),
  Doubles: (size) => new External.Double(size / 8)
}

/** Writes `value` to the first and the last element. */
function mark (elements, value) {
  elements[0] = elements[elements.length - 1] = value
}

const isMarked = (elements, value) => elements[0] === value && elements.at(-1) === value

function takeAll (make) {
  const objects = []
  try {
    for (;;) {
      objects.push(make(size))
      mark(view(objects.at(-1)), 1)
    }
  } catch (error) {
    return { objects, error: `${error.name} ${error.code}` }
  }
}

/**
 * Allocates on receivers until one is refused, and returns it with the error. What has just run out may be there again a
 * moment later: V8's threads give some back.
 */
function takeOnReceivers (objects) {
  for (;;) {
    const receiver = { 0: 'mine', own: true }
    const refused = attempt(() => alloc(size, receiver))
    if (typeof refused === 'string') return { receiver, refused }
    objects.push(receiver)
    mark(view(receiver), 1)
  }
}

function attempt (action) {
  try {
    return action()
  } catch (error) {
    return `${error.name} ${error.code}`
  }
}

async function main () {
  const usage = inUse()
  const rounds = []
  for (const [kind, make] of Object.entries(kinds)) {
    const { objects, error } = takeAll(make)
    const { receiver, refused } = takeOnReceivers(objects)
    const untouched = JSON.stringify(receiver) === '{"0":"mine","own":true}'
    const { length: count } = objects
    const intact = objects.every((object) => isMarked(view(object), 1))
    for (const object of objects.splice(0, Math.ceil(64 * MiB / size))) dispose(object)
    const next = attempt(() => make(size))
    const again = typeof next === 'string' ? next : 'allocated'
    const zeros = typeof next !== 'string' && (kind === 'unzeroed' || isMarked(view(next), 0))
    if (typeof next !== 'string') dispose(next)
    for (const object of objects) dispose(object)
    rounds.push({ kind, count, again, error, refused, untouched, intact, zeros, usage: inUse() })
    objects.length = 0
    globalThis.gc()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const large = attempt(() => {
    const object = alloc(LARGE_BYTES)
    view(object).fill(1)
    dispose(object)
    return 'allocated'
  })
  console.log(JSON.stringify({ usage, rounds, large }))
}

main()
