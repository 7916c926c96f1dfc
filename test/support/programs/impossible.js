'use strict'

// Asks for more than there can be: argv[2] bytes, of every kind. Prints what came of it, and whether things go on.

const { alloc, allocUnsafe, dispose, External, Types, view } = require('../../..')
const { inUse } = require('../usage')

const size = Number(process.argv[2])
const receiver = { 0: 'mine', own: true }
const kinds = {
  bare: () => alloc(size),
  unzeroed: () => allocUnsafe(size),
  receiver: () => alloc(size, receiver),
  External: () => new External(size),
  Doubles: () => alloc(Math.floor(size / 8), Types.Double)
}

const before = inUse()
const results = {}
for (const [kind, make] of Object.entries(kinds)) {
  try {
    const object = make()
    results[kind] = view(object).byteLength > size - 8 ? 'allocated' : 'another size'
    dispose(object)
  } catch (error) {
    results[kind] = `${error.name} ${error.code}`
  }
}
const untouched = results.receiver === 'allocated' || JSON.stringify(receiver) === '{"0":"mine","own":true}'
const object = alloc(1 << 20)
view(object).fill(7)
const works = object[1000] === 7
dispose(object)
console.log(JSON.stringify({ results, untouched, works, before, after: inUse() }))
