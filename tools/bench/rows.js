'use strict'

// What is measured. To add a figure, add a row (or a line of a chart) here, and what it times to work.js and loops.js.
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
const work = require('./work')
const { alloc } = require('../..')

const { allocate, allocateFill, allocateFree, allocateUnsafe, copy, memory, read, write } = work

const row = (work, against, atMost, sides) => ({ work, against, atMost, sides })

/** A row for each of `[size, atMost]`. SIZE in `name` becomes the size. */
const rowsBySize = (name, against, limits, sides, options) => limits.map(([size, atMost]) =>
  ({ ...row(name.replace('SIZE', sizeName(size)), against, atMost, () => sides(size)), size, ...options }))

const rowOfPrograms = (work, against, atMost, program, needs) => ({ work, against, atMost, program, needs })

/** The same work with both kinds of memory. */
const both = (side, ours, theirs) => (size) => [side(memory[ours], size), side(memory[theirs], size)]

const NEEDS_TRANSFER = { needs: 'transfer' }

/** One side leaves its memory to the collector. A batch allocates so much that several collections are timed. */
const COLLECTED = { isCollected: true }

const rows = [
  row('alloc(16)', 'Buffer.alloc(16)', 1.0, () => both(allocate, 'alloc', 'buffer')(16)),
  row('alloc(64)', 'Buffer.alloc(64)', 1.0, () => both(allocate, 'alloc', 'buffer')(64)),
  row('alloc(1024)', 'Buffer.alloc(1024)', 1.1, () => both(allocate, 'alloc', 'buffer')(KiB)),
  row('alloc(64)', 'new Uint8Array(64)', 1.5, () => both(allocate, 'alloc', 'uint8Array')(64)),
  row('new on a subclass of External, 64 bytes', 'the same subclass of Uint8Array', 1.4,
    () => both(allocate, 'external', 'uint8ArraySubclass')(64)),

  ...[
    ['bare', KiB, memory.alloc], ['External subclass', KiB, memory.external], ['large block', MiB, memory.alloc]
  ].flatMap(([kind, size, { make }]) => [
    row(`element read: ${kind}`, 'Uint8Array', 1.1, () => [read(make(size)), read(new Uint8Array(size))]),
    row(`element write: ${kind}`, 'Uint8Array', 1.1, () => [write(make(size)), write(new Uint8Array(size))])
  ]),

  ...rowsBySize('copyOnto of SIZE', 'Buffer.copy',
    [[8, 0.75], [64, 0.8], [KiB, 1.0], [64 * KiB, 1.02], [MiB, 1.05], [64 * MiB, 0.75], [256 * MiB, 0.65]],
    (size) => copy(['copyOnto', 'buffer'], size)),
  ...rowsBySize('copyOnto of SIZE from a Buffer', 'Buffer.copy', [[64, 5], [KiB, 4], [64 * KiB, 1.1]],
    (size) => copy(['chunk', 'buffer'], size)),
  ...rowsBySize('copyOnto of SIZE, a part of the source', 'Buffer.copy', [[8, 0.75], [64, 2.5], [KiB, 4], [64 * KiB, 1.2]],
    (size) => copy(['copyOnto', 'buffer'], size, true)),

  ...rowsBySize('alloc, fill, dispose of SIZE', 'Buffer.alloc, fill, left to the collector',
    [[64 * KiB, 0.4], [MiB, 0.4], [16 * MiB, 0.4], [64 * MiB, 0.11]], both(allocateFill, 'alloc', 'buffer'), COLLECTED),
  ...rowsBySize('allocUnsafe, fill, dispose of SIZE', 'Buffer.alloc, fill, left to the collector', [[64 * MiB, 0.08]],
    both(allocateFill, 'allocUnsafe', 'buffer'), COLLECTED),
  ...rowsBySize('alloc, dispose of SIZE', 'Uint8Array, transfer(0)',
    [[128, 0.8], [KiB, 0.8], [4 * KiB, 0.8], [16 * KiB, 0.85], [64 * KiB, 0.9], [128 * KiB, 0.95]],
    both(allocateFree, 'alloc', 'transferred'), NEEDS_TRANSFER),
  ...rowsBySize('allocUnsafe, dispose of SIZE', 'Buffer.allocUnsafeSlow, transfer(0)', [[16 * KiB, 0.8], [64 * KiB, 0.5]],
    both(allocateFree, 'allocUnsafe', 'bufferUnsafeSlow'), NEEDS_TRANSFER),
  ...rowsBySize('allocUnsafe of SIZE', 'Buffer.allocUnsafeSlow', [[16 * KiB, 1.0]],
    both(allocateUnsafe, 'allocUnsafe', 'bufferUnsafeSlow')),
  ...rowsBySize('alloc, fill, dispose of SIZE', 'Uint8Array, fill, transfer(0)',
    [[64 * KiB, 1.3], [MiB, 1.0], [16 * MiB, 1.0], [64 * MiB, 0.12]], both(allocateFill, 'alloc', 'transferred'), NEEDS_TRANSFER),
  ...rowsBySize('alloc, fill, dispose of SIZE in a worker', 'Uint8Array, fill, transfer(0)',
    [[MiB, 1.0], [16 * MiB, 0.95], [64 * MiB, 0.12]], both(allocateFill, 'alloc', 'transferred'), { ...NEEDS_TRANSFER, inWorker: true }),
  // The floor: nothing beats memory that is never given back. What smalloc adds is to zero it.
  ...rowsBySize('alloc, fill, dispose of SIZE', 'one Buffer, filled again', [[64 * KiB, 2.5], [MiB, 2.5], [16 * MiB, 2.5], [64 * MiB, 1.8]],
    (size) => [allocateFill(memory.alloc, size), work.fillOneBuffer(size)]),

  rowOfPrograms('first touch of a fresh 64 MiB in a new process', 'new Uint8Array', 0.3, (side) => ['first-touch.js', side]),
  rowOfPrograms('first touch of a fresh 64 MiB in a worker', 'new Uint8Array', 0.4, (side) => ['first-touch.js', side, 'worker']),

  rowOfPrograms('a frame of 4 MiB filled, released, adopted by a worker', 'postMessage of a copy', 0.5,
    (side, milliseconds) => ['frames-to-worker.js', side === 'ours' ? 'release' : 'copy', 4 * MiB, 10 * milliseconds]),
  // V8 starts a collection after each few GiB that have moved: of 256 MiB that is most of the time, of either side.
  ...rowsBySize('release, adopt of SIZE', 'transfer(), twice', [[KiB, 3], [256 * MiB, 1.5]],
    (size) => [work.releaseAdopt(size), work.transferTwice(size)], NEEDS_TRANSFER),

  row('receiver of 1 MiB: attach and dispose', 'receiver of 1 KiB', 4,
    () => [allocateFree(memory.receiver, MiB), allocateFree(memory.receiver, KiB)]),
  row('alloc(10, {}) + dispose', '10 accessors defined and deleted', 1.5,
    () => [allocateFree(memory.receiver, 10), work.defineAccessors(10)]),
  row('index read on a small receiver', 'a bare accessor property', 1.15, () => [read(alloc(16, {})), work.readAccessors(16)]),
  row('index read on a large receiver', 'a prototype Proxy with a get trap', 0.8, () => [read(alloc(KiB, {})), work.readProxy(KiB)]),

  ...[
    ['alloc(64)', 'alloc', 64], ['alloc(1024)', 'alloc', KiB],
    ['alloc(64) + dispose', 'alloc, dispose', 64], ['alloc(1024) + dispose', 'alloc, dispose', KiB],
    ['allocUnsafe of 16 KiB', 'allocUnsafe', 16 * KiB],
    ['copyOnto of 64 bytes', 'copyOnto', 64], ['copyOnto of 1 KiB', 'copyOnto', KiB],
    ['External element read', 'read', KiB], ['External element write', 'write', KiB]
  ].map(([name, work, size]) => rowOfPrograms(name, 'Node 0.12.18\'s smalloc', 1.0,
    (side, milliseconds) => ['loops.js', side, work, milliseconds, size], 'node012'))
]

/** So many sizes, from the first, each four times the one before. */
const sizesFrom = (first, count) => Array.from({ length: count }, (_, power) => first * 4 ** power)

const charts = {
  release: {
    title: 'Allocate, fill, release',
    sizes: sizesFrom(16, 13),
    lines: [
      { name: 'smalloc alloc, dispose', side: (size) => allocateFill(memory.alloc, size) },
      { name: 'smalloc allocUnsafe, dispose', side: (size) => allocateFill(memory.allocUnsafe, size) },
      { name: 'Buffer.alloc, collected', side: (size) => allocateFill(memory.buffer, size) },
      { name: 'Buffer.allocUnsafe, collected', side: (size) => allocateFill(memory.bufferUnsafe, size) },
      { name: 'new Uint8Array, collected', side: (size) => allocateFill(memory.uint8Array, size) },
      { name: 'Uint8Array, transfer(0)', side: (size) => allocateFill(memory.transferred, size), needs: 'transfer' },
      {
        name: 'Node 0.12.18 smalloc, dispose',
        program: (size, milliseconds) => ['loops.js', 'theirs', 'alloc, fill, dispose', milliseconds / 4, size],
        needs: 'node012'
      }
    ]
  },
  copy: {
    title: 'Copy',
    sizes: sizesFrom(16, 13),
    lines: [
      { name: 'smalloc copyOnto', side: (size) => copy(['copyOnto'], size)[0] },
      { name: 'Buffer.copy', side: (size) => copy(['buffer'], size)[0] },
      { name: '%TypedArray%.set', side: (size) => copy(['set'], size)[0] }
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
