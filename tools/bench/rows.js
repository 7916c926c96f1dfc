'use strict'

// What is measured. To add a figure, add a row (or a peer) here, and what it times to work.js.
//
// A row is a target: `work`, `against` what, and the ratio of their times that it may have, `atMost`. Its figure comes from
// - its two `sides()`, in turn in one process (measure.js), or
// - `program(side, milliseconds)`: a program of this folder and its arguments, a new process for each of the two sides.
// Each row has processes of its own, so that what V8 learns from one does not slow down another.
//
// A peer is a line of a chart: what a user would take instead, and this package beside it. Its figures come from `side(size)`,
// or from `program(size, milliseconds)`.
//
// `needs` (child.js) names what not every Node or system has. What cannot run is reported, with the reason.

const { KiB, MiB, sizeName } = require('./units')
const work = require('./work')
const smalloc = require('../..')

const { alloc } = smalloc

class Data extends smalloc.External {}

const row = (name, against, atMost, sides, options) => ({ work: name, against, atMost, sides, ...options })

/** A row for each of `[size, atMost]`. SIZE in `name` becomes the size. */
const rowsBySize = (name, against, limits, sides, options) => limits.map(([size, atMost]) =>
  row(name.replace('SIZE', sizeName(size)), against, atMost, () => sides(size), { ...options, size }))

const rowOfPrograms = (name, against, atMost, program, needs) => ({ work: name, against, atMost, program, needs })

const NEEDS_TRANSFER = { needs: 'transfer' }

/** A batch allocates as much if one side leaves its memory to the collector: several collections are timed then. */
const COLLECTED = { batchBytes: 512 * MiB }

const rows = [
  row('alloc(16)', 'Buffer.alloc(16)', 1.0, () => [work.allocate(16), work.allocateBuffer(16)]),
  row('alloc(64)', 'Buffer.alloc(64)', 1.0, () => [work.allocate(64), work.allocateBuffer(64)]),
  row('alloc(1024)', 'Buffer.alloc(1024)', 1.1, () => [work.allocate(KiB), work.allocateBuffer(KiB)]),
  row('alloc(64)', 'new Uint8Array(64)', 1.5, () => [work.allocate(64), work.allocateUint8Array(64)]),
  row('new on a subclass of External, 64 bytes', 'the same subclass of Uint8Array', 1.4,
    () => [work.constructExternal(64), work.constructUint8Array(64)]),

  ...[
    ['bare', () => alloc(KiB), KiB], ['External subclass', () => new Data(KiB), KiB], ['large block', () => alloc(MiB), MiB]
  ].flatMap(([kind, make, size]) => [
    row(`element read: ${kind}`, 'Uint8Array', 1.1, () => [work.readOurs(make()), work.readTheirs(new Uint8Array(size).fill(3), size)]),
    row(`element write: ${kind}`, 'Uint8Array', 1.1, () => [work.writeOurs(make()), work.writeTheirs(new Uint8Array(size))])
  ]),

  ...rowsBySize('copyOnto of SIZE', 'Buffer.copy',
    [[8, 0.75], [64, 0.8], [KiB, 1.0], [64 * KiB, 1.02], [MiB, 1.05], [64 * MiB, 0.75], [256 * MiB, 0.65]], copies),

  ...rowsBySize('alloc, fill, dispose of SIZE', 'Buffer.alloc, fill, left to the collector',
    [[64 * KiB, 0.4], [MiB, 0.4], [16 * MiB, 0.4], [64 * MiB, 0.11]],
    (size) => [work.allocateFillDispose(size), work.fillBuffer(size)], COLLECTED),
  ...rowsBySize('allocUnsafe, fill, dispose of SIZE', 'Buffer.alloc, fill, left to the collector', [[64 * MiB, 0.08]],
    (size) => [work.allocateUnsafeFillDispose(size), work.fillBuffer(size)], COLLECTED),
  ...rowsBySize('alloc, dispose of SIZE', 'Uint8Array, transfer(0)',
    [[128, 0.8], [KiB, 0.8], [4 * KiB, 0.8], [16 * KiB, 0.85], [64 * KiB, 0.9], [128 * KiB, 0.95]],
    (size) => [work.allocateDispose(size), work.transferAway(size)], NEEDS_TRANSFER),
  ...rowsBySize('allocUnsafe, dispose of SIZE', 'Buffer.allocUnsafeSlow, transfer(0)', [[16 * KiB, 0.8], [64 * KiB, 0.5]],
    (size) => [work.allocateUnsafeDispose(size), work.transferUnsafeAway(size)], NEEDS_TRANSFER),
  ...rowsBySize('allocUnsafe of SIZE', 'Buffer.allocUnsafeSlow', [[16 * KiB, 1.0]],
    (size) => [work.allocateUnsafe(size), work.allocateUnsafeSlow(size)]),
  ...rowsBySize('alloc, fill, dispose of SIZE', 'Uint8Array, fill, transfer(0)',
    [[64 * KiB, 1.3], [MiB, 1.0], [16 * MiB, 1.0], [64 * MiB, 0.12]],
    (size) => [work.allocateFillDispose(size), work.fillTransfer(size)], NEEDS_TRANSFER),
  ...rowsBySize('alloc, fill, dispose of SIZE in a worker', 'Uint8Array, fill, transfer(0)',
    [[MiB, 1.0], [16 * MiB, 0.95], [64 * MiB, 0.12]],
    (size) => [work.allocateFillDispose(size), work.fillTransfer(size)], { ...NEEDS_TRANSFER, inWorker: true }),
  // The floor: nothing beats memory that is never given back. What smalloc adds is to zero it.
  ...rowsBySize('alloc, fill, dispose of SIZE', 'one Buffer, filled again', [[64 * KiB, 2.5], [MiB, 2.5], [16 * MiB, 2.5], [64 * MiB, 1.8]],
    (size) => [work.allocateFillDispose(size), work.fillOneBuffer(size)]),

  rowOfPrograms('first touch of a fresh 64 MiB in a new process', 'new Uint8Array', 0.3, (side) => ['first-touch.js', side]),
  rowOfPrograms('first touch of a fresh 64 MiB in a worker', 'new Uint8Array', 0.4, (side) => ['first-touch.js', side, 'worker']),

  rowOfPrograms('a frame of 4 MiB filled, released, adopted by a worker', 'postMessage of a copy', 0.5,
    (side, milliseconds) => ['frames-to-worker.js', side === 'ours' ? 'release' : 'copy', 4 * MiB, 10 * milliseconds]),
  // V8 starts a collection after each few GiB that have moved: of 256 MiB that is most of the time, of either side.
  ...rowsBySize('release, adopt of SIZE', 'transfer(), twice', [[KiB, 3], [256 * MiB, 1.5]],
    (size) => [work.releaseAdopt(size), work.transferTwice(size)], NEEDS_TRANSFER),

  row('receiver of 1 MiB: attach and dispose', 'receiver of 1 KiB', 4, () => [work.attachLarge(MiB), work.attachSmall(KiB)]),
  row('alloc(10, {}) + dispose', '10 accessors defined and deleted', 1.5, () => [work.attachSmall(10), work.defineAccessors(10)]),
  row('index read on a small receiver', 'a bare accessor property', 1.15, () => [work.readOurs(alloc(16, {})), work.readAccessors(16)]),
  row('index read on a large receiver', 'a prototype Proxy with a get trap', 0.8,
    () => [work.readOurs(alloc(KiB, {})), work.readProxy(KiB)]),

  ...[
    'alloc(64)', 'alloc(1024)', 'alloc(64) + dispose', 'alloc(1024) + dispose', 'allocUnsafe of 16 KiB',
    'copyOnto of 64 bytes', 'copyOnto of 1 KiB', 'External element read', 'External element write'
  ].map((name) => rowOfPrograms(name, 'Node 0.12.18\'s smalloc', 1.0,
    (side, milliseconds) => ['es5-loop.js', side, name, milliseconds], 'node012'))
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
