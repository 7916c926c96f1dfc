'use strict'

// smalloc with a behaviour of Node 0.12: if asked for kMaxLength elements, it ends the process.

const smalloc = require('../..')

function alloc (length, receiver, type) {
  if (length === smalloc.kMaxLength) process.kill(process.pid, 'SIGKILL')
  return smalloc.alloc(length, receiver, type)
}

module.exports = Object.defineProperty({ __proto__: smalloc }, 'alloc', { value: alloc, enumerable: true })
