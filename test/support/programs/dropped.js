'use strict'

// For each kind: drops COUNT objects, collects garbage, and prints inUse() before, while they were held and after, and how many
// more bytes the engine knew of while they were held. Needs --expose-gc.

const { alloc, External, sliceOnto, Types } = require('../../..')
const { collect } = require('../collect')
const { kinds: basicKinds } = require('../kinds')
const { inUse } = require('../usage')

const MiB = 2 ** 20
const COUNT = 50

/** A slice, and nothing that refers to its source. */
function orphan () {
  const slice = {}
  sliceOnto(alloc(MiB, {}), slice, 1000, 2000)
  return slice
}

const kinds = {
  ...Object.fromEntries(Object.entries(basicKinds).map(([name, make]) => [name, () => make(MiB)])),
  'bare, of Doubles': () => alloc(MiB / 8, Types.Double),
  'External, of Floats': () => new External.Float(MiB / 4),
  'small bare': () => alloc(64),
  'small receiver': () => alloc(64, { name: 'x' }),
  'receiver without a prototype': () => alloc(MiB, Object.create(null)),
  'slice whose source is gone': orphan
}

async function drop (make) {
  make() // what is made only once, is made here
  await collect(4) // the engine counts one turn later what it has freed
  const before = inUse()
  const externalBefore = process.memoryUsage().external
  const objects = Array.from({ length: COUNT }, make)
  await collect(4)
  const held = inUse()
  const accounted = process.memoryUsage().external - externalBefore
  const first = objects[0][0]
  objects.length = 0
  await collect(100, () => inUse().bytes <= before.bytes)
  return { first, before, held, after: inUse(), accounted }
}

async function main () {
  const answers = {}
  for (const [kind, make] of Object.entries(kinds)) answers[kind] = await drop(make)
  console.log(JSON.stringify(answers))
}

if (require.main === module) main()
module.exports = { COUNT, kinds: Object.keys(kinds) }
