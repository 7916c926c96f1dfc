'use strict'

// Disposes 240 MiB in blocks, which then wait for a next use, and allocates 100 MiB of the engine's memory in the same
// turn. The caller leaves no address space for both. Prints what came of it.

const { alloc, dispose, view } = require('../../..')

const held = Array.from({ length: 240 }, () => alloc(2 ** 20))
for (const object of held) view(object).fill(1)
for (const object of held) dispose(object)
try {
  const small = Array.from({ length: 1000 }, () => alloc(100_000))
  for (const object of small) view(object).fill(1)
  console.log(JSON.stringify('allocated'))
} catch (error) {
  console.log(JSON.stringify(`${error.name} ${error.code}`))
}
