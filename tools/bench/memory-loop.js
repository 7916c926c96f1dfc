'use strict'

// Runs one loop of memory-loops.js: node tools/bench/memory-loop.js <name> [smalloc | Buffer]
// Prints the most bytes that were resident, how long it took, and what the loop measured, as JSON.

const loops = require('./memory-loops')

const peers = {
  smalloc () {
    const { alloc, dispose, view } = require('../..')
    return { alloc: (size) => alloc(size), free: dispose, bytesOf: view }
  },
  /** A Buffer cannot be freed: its memory comes back when the collector has found that it is gone. */
  Buffer: () => ({ alloc: (size) => Buffer.alloc(size), free () {}, bytesOf: (buffer) => buffer })
}

async function main (name, peer = 'smalloc') {
  const things = peers[peer]()
  const started = performance.now()
  const measured = await loops[name](things)
  const milliseconds = Math.round(performance.now() - started)
  console.log(JSON.stringify({ peak: process.resourceUsage().maxRSS * 1024, milliseconds, ...measured }))
}

main(...process.argv.slice(2))
