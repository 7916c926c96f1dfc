'use strict'

// smalloc as Node 0.12 was: asked for kMaxLength elements, it ends the process.

const smalloc = require('../..')

function alloc (length, receiver, type) {
  if (length === smalloc.kMaxLength) process.kill(process.pid, 'SIGKILL')
  return smalloc.alloc(length, receiver, type)
}

module.exports = Object.defineProperty({ __proto__: smalloc }, 'alloc', { value: alloc, enumerable: true })
