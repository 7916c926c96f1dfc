'use strict'

// Prints the nanoseconds that a new process takes to allocate 64 MiB and to write to each of its pages.

const { MiB } = require('./sizes')

const PAGE = 4096
const length = 64 * MiB
const make = {
  ours: () => require('../..').alloc(length),
  theirs: () => new Uint8Array(length)
}[process.argv[2]]
require('../..')

/** Fast code first: the loop is the same for both, and its compilation is not what is measured. */
for (let i = 0; i < 20; i++) touch(new Uint8Array(PAGE * 100), PAGE * 100)

const start = process.hrtime.bigint()
const memory = make()
touch(memory, length)
const nanoseconds = Number(process.hrtime.bigint() - start)

if (memory[length - PAGE] !== 1 || memory[1] !== 0) throw new Error('the pages were not written')
process.stdout.write(JSON.stringify(nanoseconds))

function touch (bytes, end) {
  for (let i = 0; i < end; i += PAGE) bytes[i] = 1
}
