'use strict'

// What is measured. To add a figure, add a row (or a line of a chart) here, and what it times to work.js.
//
// A row is a target: `work`, `against` what, and the ratio of their times that it may have, `atMost`. Its figure comes from
// - its two `sides()`, in turn in one process (measure.js), or
// - `program(side, milliseconds)`: a program of this folder and its arguments, a new process for each of the two sides.
// Each row has processes of its own, so that what V8 learns from one does not slow down another.
//
// A line of a chart is what a user would take instead, and this package beside it. Its figures come from `side(size)`, or from
// `program(size, milliseconds)`.
//
// `needs` names what not every Node or system has (index.js). What cannot run is reported, with the reason.

const { KiB, MiB, sizeName } = require('./units')
const { allocate, allocateFill, allocateFree, copy, move, newBlocks, read, write } = require('./work')
const { alloc, External } = require('../..')

class Data extends External {}

const row = (work, against, atMost, sides) => ({ work, against, atMost, sides })

/** A row for each of `[size, atMost]`. SIZE in `name` becomes the size. */
const rowsBySize = (name, against, limits, ours, theirs, options) => limits.map(([size, atMost]) =>
  ({ ...row(name.replace('SIZE', sizeName(size)), against, atMost, () => [ours(size), theirs(size)]), size, ...options }))

const rowOfPrograms = (work, against, atMost, program, needs) => ({ work, against, atMost, program, needs })

const NEEDS_TRANSFER = { needs: 'transfer' }

/** One side leaves its memory to the collector. A batch allocates so much that several collections are timed. */
const COLLECTED = { isCollected: true }

const rows = [
  row('alloc(16)', 'Buffer.alloc(16)', 1.0, () => [allocate.alloc(16), allocate.buffer(16)]),
  row('alloc(64)', 'Buffer.alloc(64)', 1.0, () => [allocate.alloc(64), allocate.buffer(64)]),
  row('alloc(1024)', 'Buffer.alloc(1024)', 1.1, () => [allocate.alloc(KiB), allocate.buffer(KiB)]),
  row('alloc(64)', 'new Uint8Array(64)', 1.5, () => [allocate.alloc(64), allocate.uint8Array(64)]),
  row('new on a subclass of External, 64 bytes', 'the same subclass of Uint8Array', 1.4,
    () => [allocate.externalSubclass(64), allocate.uint8ArraySubclass(64)]),

  ...[
    ['bare', () => alloc(KiB), KiB], ['External subclass', () => new Data(KiB), KiB], ['large block', () => alloc(MiB), MiB]
  ].flatMap(([kind, make, size]) => [
    row(`element read: ${kind}`, 'Uint8Array', 1.1, () => [read.ours(make()), read.uint8Array(size)]),
    row(`element write: ${kind}`, 'Uint8Array', 1.1, () => [write.ours(make()), write.uint8Array(size)])
  ]),

  ...[[8, 0.75], [64, 0.8], [KiB, 1.0], [64 * KiB, 1.02], [MiB, 1.05], [64 * MiB, 0.75], [256 * MiB, 0.65]].map(([size, atMost]) =>
    row(`copyOnto of ${sizeName(size)}`, 'Buffer.copy', atMost, () => {
      const blocks = newBlocks(size)
      return [copy.copyOnto(blocks), copy.buffer(blocks)]
    })),

  ...rowsBySize('alloc, fill, dispose of SIZE', 'Buffer.alloc, fill, left to the collector',
    [[64 * KiB, 0.4], [MiB, 0.4], [16 * MiB, 0.4], [64 * MiB, 0.11]], allocateFill.alloc, allocateFill.buffer, COLLECTED),
  ...rowsBySize('allocUnsafe, fill, dispose of SIZE', 'Buffer.alloc, fill, left to the collector', [[64 * MiB, 0.08]],
    allocateFill.allocUnsafe, allocateFill.buffer, COLLECTED),
  ...rowsBySize('alloc, dispose of SIZE', 'Uint8Array, transfer(0)',
    [[128, 0.8], [KiB, 0.8], [4 * KiB, 0.8], [16 * KiB, 0.85], [64 * KiB, 0.9], [128 * KiB, 0.95]],
    allocateFree.alloc, allocateFree.uint8Array, NEEDS_TRANSFER),
  ...rowsBySize('allocUnsafe, dispose of SIZE', 'Buffer.allocUnsafeSlow, transfer(0)', [[16 * KiB, 0.8], [64 * KiB, 0.5]],
    allocateFree.allocUnsafe, allocateFree.bufferUnsafeSlow, NEEDS_TRANSFER),
  ...rowsBySize('allocUnsafe of SIZE', 'Buffer.allocUnsafeSlow', [[16 * KiB, 1.0]], allocate.allocUnsafe, allocate.bufferUnsafeSlow),
  ...rowsBySize('alloc, fill, dispose of SIZE', 'Uint8Array, fill, transfer(0)',
    [[64 * KiB, 1.3], [MiB, 1.0], [16 * MiB, 1.0], [64 * MiB, 0.12]], allocateFill.alloc, allocateFill.transfer, NEEDS_TRANSFER),
  ...rowsBySize('alloc, fill, dispose of SIZE in a worker', 'Uint8Array, fill, transfer(0)',
    [[MiB, 1.0], [16 * MiB, 0.95], [64 * MiB, 0.12]], allocateFill.alloc, allocateFill.transfer, { ...NEEDS_TRANSFER, inWorker: true }),
  // The floor: nothing beats memory that is never given back. What smalloc adds is to zero it.
  ...rowsBySize('alloc, fill, dispose of SIZE', 'one Buffer, filled again', [[64 * KiB, 2.5], [MiB, 2.5], [16 * MiB, 2.5], [64 * MiB, 1.8]],
    allocateFill.alloc, allocateFill.oneBuffer),

  rowOfPrograms('first touch of a fresh 64 MiB in a new process', 'new Uint8Array', 0.3, (side) => ['first-touch.js', side]),
  rowOfPrograms('first touch of a fresh 64 MiB in a worker', 'new Uint8Array', 0.4, (side) => ['first-touch.js', side, 'worker']),

  rowOfPrograms('a frame of 4 MiB filled, released, adopted by a worker', 'postMessage of a copy', 0.5,
    (side, milliseconds) => ['frames-to-worker.js', side === 'ours' ? 'release' : 'copy', 4 * MiB, 10 * milliseconds]),
  // V8 starts a collection after each few GiB that have moved: of 256 MiB that is most of the time, of either side.
  ...rowsBySize('release, adopt of SIZE', 'transfer(), twice', [[KiB, 3], [256 * MiB, 1.5]],
    move.releaseAdopt, move.transferTwice, NEEDS_TRANSFER),

  row('receiver of 1 MiB: attach and dispose', 'receiver of 1 KiB', 4, () => [allocateFree.receiver(MiB), allocateFree.receiver(KiB)]),
  row('alloc(10, {}) + dispose', '10 accessors defined and deleted', 1.5, () => [allocateFree.receiver(10), allocateFree.accessors(10)]),
  row('index read on a small receiver', 'a bare accessor property', 1.15, () => [read.ours(alloc(16, {})), read.accessors(16)]),
  row('index read on a large receiver', 'a prototype Proxy with a get trap', 0.8, () => [read.ours(alloc(KiB, {})), read.proxy(KiB)]),

  ...[
    'alloc(64)', 'alloc(1024)', 'alloc(64) + dispose', 'alloc(1024) + dispose', 'allocUnsafe of 16 KiB',
    'copyOnto of 64 bytes', 'copyOnto of 1 KiB', 'External element read', 'External element write'
  ].map((name) => rowOfPrograms(name, 'Node 0.12.18\'s smalloc', 1.0,
    (side, milliseconds) => ['es5-loop.js', side, name, milliseconds], 'node012'))
]

/** So many sizes, from the first, each four times the one before. */
const sizesFrom = (first, count) => Array.from({ length: count }, (_, power) => first * 4 ** power)

const charts = {
  release: {
    title: 'Allocate, fill, release',
    sizes: sizesFrom(16, 13),
    lines: [
      { name: 'smalloc alloc, dispose', side: allocateFill.alloc },
      { name: 'smalloc allocUnsafe, dispose', side: allocateFill.allocUnsafe },
      { name: 'Buffer.alloc, collected', side: allocateFill.buffer },
      { name: 'Buffer.allocUnsafe, collected', side: allocateFill.bufferUnsafe },
      { name: 'new Uint8Array, collected', side: allocateFill.uint8Array },
      { name: 'Uint8Array, transfer(0)', side: allocateFill.transfer, needs: 'transfer' },
      {
        name: 'Node 0.12.18 smalloc, dispose',
        program: (size, milliseconds) => ['es5-loop.js', 'theirs', 'alloc, fill, dispose', milliseconds / 4, size],
        needs: 'node012'
      }
    ]
  },
  copy: {
    title: 'Copy',
    sizes: sizesFrom(16, 13),
    lines: [
      { name: 'smalloc copyOnto', side: (size) => copy.copyOnto(newBlocks(size)) },
      { name: 'Buffer.copy', side: (size) => copy.buffer(newBlocks(size)) },
      { name: '%TypedArray%.set', side: (size) => copy.set(newBlocks(size)) }
    ]
  },
  frames: {
    title: 'A frame filled and passed to a worker',
    sizes: sizesFrom(64 * KiB, 6),
    lines: [
      ['release', 'smalloc release, adopt, dispose'],
      ['copy', 'Buffer, copied by postMessage'],
      ['transfer', 'Uint8Array, transferred, collected'],
      ['shared', 'SharedArrayBuffer, collected']
    ].map(([way, name]) => ({ name, program: (size, milliseconds) => ['frames-to-worker.js', way, size, milliseconds] }))
  }
}

module.exports = { charts, rows }
