'use strict'

// How much memory the loops of memory-loops.js hold at most, smalloc beside Buffer, each in a process of its own:
// node tools/bench/memory-peaks.js [path of a node]

const { execFileSync } = require('node:child_process')
const path = require('node:path')
const loops = require('./memory-loops')
const { formatTable } = require('./tables')

const node = process.argv[2] ?? process.execPath
const mebibytes = (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`

function resident (name, peer) {
  const args = [path.join(__dirname, 'memory-loop.js'), name, peer]
  const { peak, left = peak } = JSON.parse(execFileSync(node, args, { encoding: 'utf8', timeout: 120_000 }))
  return mebibytes(left)
}

const lines = Object.keys(loops).map((name) => [name, resident(name, 'smalloc'), resident(name, 'Buffer')])
console.log(`Node ${execFileSync(node, ['-p', 'process.version'], { encoding: 'utf8' }).trim()}\n`)
console.log(formatTable(['loop', 'smalloc', 'Buffer'], lines))
