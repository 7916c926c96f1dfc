'use strict'

// What is measured. To add a figure, add a row (or a peer) here, and what it times to work.js.
//
// A row of `rows` is a target: `work`, `against` what, and the ratio of their times that it may have, `atMost`. It is measured
// - by its two `sides()`, in turn in one process (measure.js), or
// - by `program(side, milliseconds)`: a program of this folder and its arguments, a new process for each of the two sides.
// Rows have processes of their own, so that what V8 learns from one does not slow down another.
//
// A peer of `peers` is a line of a chart: what a user would take instead, and this package beside it. It is measured at each
// size by its `side(size)`, or by its `program(size, milliseconds)`.
//
// `needs` (child.js) names what not every Node or system has. What cannot run is reported, with the reason.

const { KiB, MiB, sizeName } = require('./units')
const work = require('./work')
const smalloc = require('../..')

/** A batch allocates as much if one side leaves its memory to the collector: several collections are timed then. */
const COLLECTED_BYTES = 512 * MiB

class Data extends smalloc.External {}

const rows = [
  ...[[16, 1.0], [64, 1.0], [KiB, 1.1]].map(([size, atMost]) => ({
    work: `alloc(${size})`,
    against: `Buffer.alloc(${size})`,
    atMost,
    sides: () => [work.allocate(size), work.allocateBuffer(size)]
  })),
  {
    work: 'alloc(64)',
    against: 'new Uint8Array(64)',
    atMost: 1.5,
    sides: () => [work.allocate(64), work.allocateUint8Array(64)]
  },
  {
    work: 'new on a subclass of External, 64 bytes',
    against: 'the same subclass of Uint8Array',
    atMost: 1.4,
    sides: () => [work.constructExternal(64), work.constructUint8Array(64)]
  },

  ...[
    ['bare', KiB, () => smalloc.alloc(KiB)],
    ['External subclass', KiB, () => new Data(KiB)],
    ['large block', MiB, () => smalloc.alloc(MiB)]
  ].flatMap(([kind, size, make]) => [
    {
      work: `element read: ${kind}`,
      against: 'Uint8Array',
      atMost: 1.1,
      sides: () => [work.readOurs(make()), work.readTheirs(new Uint8Array(size).fill(3), size)]
    },
    {
      work: `element write: ${kind}`,
      against: 'Uint8Array',
      atMost: 1.1,
      sides: () => [work.writeOurs(make()), work.writeTheirs(new Uint8Array(size))]
    }
  ]),

  ...[
    [8, 0.75], [64, 0.8], [KiB, 1.0], [64 * KiB, 1.02], [MiB, 1.05], [64 * MiB, 0.75], [256 * MiB, 0.65]
  ].map(([size, atMost]) => ({
    work: `copyOnto of ${sizeName(size)}`,
    against: 'Buffer.copy',
    atMost,
    sides: () => copies(size)
  })),

  ...[[64 * KiB, 0.4], [MiB, 0.4], [16 * MiB, 0.4], [64 * MiB, 0.11]].map(([size, atMost]) => ({
    work: `alloc, fill, dispose of ${sizeName(size)}`,
    against: 'Buffer.alloc, fill, left to the collector',
    atMost,
    batchBytes: COLLECTED_BYTES,
    size,
    sides: () => [work.allocateFillDispose(size), work.fillBuffer(size)]
  })),
  {
    work: 'allocUnsafe, fill, dispose of 64 MiB',
    against: 'Buffer.alloc, fill, left to the collector',
    atMost: 0.08,
    batchBytes: COLLECTED_BYTES,
    size: 64 * MiB,
    sides: () => [work.allocateUnsafeFillDispose(64 * MiB), work.fillBuffer(64 * MiB)]
  },
  ...[
    [128, 0.8], [KiB, 0.8], [4 * KiB, 0.8], [16 * KiB, 0.85], [64 * KiB, 0.9], [128 * KiB, 0.95]
  ].map(([size, atMost]) => ({
    work: `alloc, dispose of ${sizeName(size)}`,
    against: 'Uint8Array, transfer(0)',
    atMost,
    needs: 'transfer',
    sides: () => [work.allocateDispose(size), work.transferAway(size)]
  })),
  ...[[16 * KiB, 0.8], [64 * KiB, 0.5]].map(([size, atMost]) => ({
    work: `allocUnsafe, dispose of ${sizeName(size)}`,
    against: 'Buffer.allocUnsafeSlow, transfer(0)',
    atMost,
    needs: 'transfer',
    sides: () => [work.allocateUnsafeDispose(size), work.transferUnsafeAway(size)]
  })),
  {
    work: 'allocUnsafe of 16 KiB',
    against: 'Buffer.allocUnsafeSlow',
    atMost: 1.0,
    sides: () => [work.allocateUnsafe(16 * KiB), work.allocateUnsafeSlow(16 * KiB)]
  },
  ...[[64 * KiB, 1.3], [MiB, 1.0], [64 * MiB, 0.12]].map(([size, atMost]) => ({
    work: `alloc, fill, dispose of ${sizeName(size)}`,
    against: 'Uint8Array, fill, transfer(0)',
    atMost,
    needs: 'transfer',
    sides: () => [work.allocateFillDispose(size), work.fillTransfer(size)]
  })),
  ...[[MiB, 1.0], [16 * MiB, 0.95], [64 * MiB, 0.12]].map(([size, atMost]) => ({
    work: `alloc, fill, dispose of ${sizeName(size)} in a worker`,
    against: 'Uint8Array, fill, transfer(0)',
    atMost,
    needs: 'transfer',
    inWorker: true,
    sides: () => [work.allocateFillDispose(size), work.fillTransfer(size)]
  })),
  // The floor: nothing beats memory that is never given back. What smalloc adds is to zero it.
  ...[[64 * KiB, 2.5], [MiB, 2.5], [64 * MiB, 1.8]].map(([size, atMost]) => ({
    work: `alloc, fill, dispose of ${sizeName(size)}`,
    against: 'one Buffer, filled again',
    atMost,
    sides: () => [work.allocateFillDispose(size), work.fillOneBuffer(size)]
  })),

  {
    work: 'first touch of a fresh 64 MiB in a new process',
    against: 'new Uint8Array',
    atMost: 0.3,
    program: (side) => ['first-touch.js', side]
  },
  {
    work: 'first touch of a fresh 64 MiB in a worker',
    against: 'new Uint8Array',
    atMost: 0.4,
    program: (side) => ['first-touch.js', side, 'worker']
  },

  {
    work: 'a frame of 4 MiB filled, released, adopted by a worker',
    against: 'postMessage of a copy',
    atMost: 0.5,
    program: (side, milliseconds) => ['frames-to-worker.js', side === 'ours' ? 'release' : 'copy', 4 * MiB, 10 * milliseconds]
  },
  // V8 starts a collection after each few GiB that have moved: of 256 MiB that is most of the time, of either side.
  ...[[KiB, 3], [256 * MiB, 1.5]].map(([size, atMost]) => ({
    work: `release, adopt of ${sizeName(size)}`,
    against: 'transfer(), twice',
    atMost,
    needs: 'transfer',
    sides: () => [work.releaseAdopt(size), work.transferTwice(size)]
  })),

  {
    work: 'receiver of 1 MiB: attach and dispose',
    against: 'receiver of 1 KiB',
    atMost: 4,
    sides: () => [work.attachLarge(MiB), work.attachSmall(KiB)]
  },
  {
    work: 'alloc(10, {}) + dispose',
    against: '10 accessors defined and deleted',
    atMost: 1.5,
    sides: () => [work.attachSmall(10), work.defineAccessors(10)]
  },
  {
    work: 'index read on a small receiver',
    against: 'a bare accessor property',
    atMost: 1.15,
    sides: () => [work.readOurs(smalloc.alloc(16, {})), work.readAccessors(16)]
  },
  {
    work: 'index read on a large receiver',
    against: 'a prototype Proxy with a get trap',
    atMost: 0.8,
    sides: () => [work.readOurs(smalloc.alloc(KiB, {})), work.readProxy(KiB)]
  },

  ...[
    'alloc(64)', 'alloc(1024)', 'alloc(64) + dispose', 'alloc(1024) + dispose', 'allocUnsafe of 16 KiB',
    'copyOnto of 64 bytes', 'copyOnto of 1 KiB', 'External element read', 'External element write'
  ].map((name) => ({
    work: name,
    against: 'Node 0.12.18\'s smalloc',
    atMost: 1.0,
    needs: 'node012',
    program: (side, milliseconds) => ['es5-loop.js', side, name, milliseconds]
  }))
]

function copies (size) {
  const blocks = work.newBlocks(size)
  return [work.copyOnto(blocks), work.copyBuffer(blocks)]
}

const peers = {
  release: [
    { name: 'smalloc alloc, dispose', side: work.allocateFillDispose },
    { name: 'smalloc allocUnsafe, dispose', side: work.allocateUnsafeFillDispose },
    { name: 'Buffer.alloc, collected', side: work.fillBuffer },
    { name: 'Buffer.allocUnsafe, collected', side: work.fillUnsafeBuffer },
    { name: 'new Uint8Array, collected', side: work.fillUint8Array },
    { name: 'Uint8Array, transfer(0)', side: work.fillTransfer, needs: 'transfer' },
    {
      name: 'Node 0.12.18 smalloc, dispose',
      program: (size, milliseconds) => ['es5-loop.js', 'theirs', 'alloc, fill, dispose', milliseconds / 4, size],
      needs: 'node012'
    }
  ],
  copy: [
    { name: 'smalloc copyOnto', side: (size) => work.copyOnto(work.newBlocks(size)) },
    { name: 'Buffer.copy', side: (size) => work.copyBuffer(work.newBlocks(size)) },
    { name: '%TypedArray%.set', side: (size) => work.copySet(work.newBlocks(size)) }
  ],
  frames: [
    ['release', 'smalloc release, adopt, dispose'],
    ['copy', 'Buffer, copied by postMessage'],
    ['transfer', 'Uint8Array, transferred, collected'],
    ['shared', 'SharedArrayBuffer, collected']
  ].map(([way, name]) => ({ name, program: (size, milliseconds) => ['frames-to-worker.js', way, size, milliseconds] }))
}

module.exports = { rows, peers }
