'use strict'

// What a user would pick instead, and this package beside it. `side(size)` makes the work: see work.js.

const work = require('./work')

const releasePeers = [
  { name: 'smalloc alloc, dispose', side: work.allocateFillDispose },
  { name: 'smalloc allocUnsafe, dispose', side: work.allocateUnsafeFillDispose },
  { name: 'Buffer.alloc, collected', side: work.fillBuffer },
  { name: 'Buffer.allocUnsafe, collected', side: work.fillUnsafeBuffer },
  { name: 'new Uint8Array, collected', side: work.fillUint8Array },
  { name: 'Uint8Array, transfer(0)', side: work.fillTransfer, needs: 'transfer' },
  { name: 'Node 0.12.18 smalloc, dispose', es5Work: 'alloc, fill, dispose', needs: 'node012' }
]

const copyPeers = [
  { name: 'smalloc copyOnto', side: (size) => work.copyOnto(work.newBlocks(size)) },
  { name: 'Buffer.copy', side: (size) => work.copyBuffer(work.newBlocks(size)) },
  { name: '%TypedArray%.set', side: (size) => work.copySet(work.newBlocks(size)) }
]

const peers = { release: releasePeers, copy: copyPeers }

module.exports = { peers }
