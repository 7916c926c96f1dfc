'use strict'

// How much memory the loops of memory-loop.js hold at most, or some seconds later, smalloc beside Buffer:
//
//   node tools/bench/memory-peaks.js [path of a node]

const { answerOf, versionsOf } = require('./child')
const { loops, peers } = require('./memory-loop')
const { MiB } = require('./units')
const { formatTable } = require('../table')

async function main (node = process.execPath) {
  const lines = []
  for (const name of Object.keys(loops)) {
    const line = [name]
    for (const peer of Object.keys(peers)) {
      const { peak, left = peak } = await answerOf(node, ['memory-loop.js', name, peer])
      line.push(`${Math.round(left / MiB)} MiB`)
    }
    lines.push(line)
  }
  console.log(`Node ${(await versionsOf(node)).node}\n\n${formatTable(['loop', ...Object.keys(peers)], lines)}`)
}

main(process.argv[2])
