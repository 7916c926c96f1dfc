'use strict'

// The targets: what is compared with what, and the ratio that must not be exceeded. A row runs in a process of its own,
// so that what V8 learns from one does not slow down another. For the same reason the two sides of a row never share a
// loop: in a shared one an element access would see two kinds of object.
//
// A side does its work `n` times in `loop(n)`; `check()` throws unless the work was done, outside the timed part.

const assert = require('node:assert')
const smalloc = require('..')
const { KiB, MiB, sizeName } = require('./sizes')

const { fill } = Uint8Array.prototype

/**
 * Bytes that a batch allocates, at least, where one side leaves its memory to the collector. Several collections then
 * fall within the timed part.
 */
const COLLECTED = 512 * MiB

const rows = [
  ...[[16, 1.0], [64, 1.0], [KiB, 1.1]].map(([size, atMost]) => ({
    work: `alloc(${size})`,
    against: `Buffer.alloc(${size})`,
    atMost,
    sides: () => [allocate(size), allocateBuffer(size)]
  })),
  {
    work: 'alloc(64)',
    against: 'new Uint8Array(64)',
    atMost: 1.5,
    sides: () => [allocate(64), allocateUint8Array(64)]
  },
  {
    work: 'new on a subclass of External, 64 bytes',
    against: 'the same subclass of Uint8Array',
    atMost: 1.4,
    sides: () => [constructExternal(64), constructUint8Array(64)]
  },

  ...Object.entries({ bare: () => smalloc.alloc(KiB), 'External subclass': newData, 'large block': newLargeBlock })
    .flatMap(([kind, make]) => [
      {
        work: `element read: ${kind}`,
        against: 'Uint8Array',
        atMost: 1.1,
        sides: () => [readOurs(make()), readTheirs(new Uint8Array(smalloc.view(make()).length))]
      },
      {
        work: `element write: ${kind}`,
        against: 'Uint8Array',
        atMost: 1.1,
        sides: () => [writeOurs(make()), writeTheirs(new Uint8Array(smalloc.view(make()).length))]
      }
    ]),

  ...[
    [8, 0.7], [64, 1.05], [KiB, 1.05], [64 * KiB, 1.05], [MiB, 1.05], [64 * MiB, 0.75], [256 * MiB, 0.65]
  ].map(([size, atMost]) => ({
    work: `copyOnto of ${sizeName(size)}`,
    against: 'Buffer.copy',
    atMost,
    sides: () => copySides(size)
  })),

  ...[[64 * KiB, 0.4], [MiB, 0.4], [16 * MiB, 0.4], [64 * MiB, 0.11]].map(([size, atMost]) => ({
    work: `alloc, fill, dispose of ${sizeName(size)}`,
    against: 'Buffer.alloc, fill, left to the collector',
    atMost,
    batchBytes: COLLECTED,
    size,
    sides: () => [allocateFillDispose(size), fillBuffer(size)]
  })),
  {
    work: 'allocUnsafe, fill, dispose of 64 MiB',
    against: 'Buffer.alloc, fill, left to the collector',
    atMost: 0.08,
    batchBytes: COLLECTED,
    size: 64 * MiB,
    sides: () => [allocateUnsafeFillDispose(64 * MiB), fillBuffer(64 * MiB)]
  },
  ...[[64 * KiB, 1.3], [MiB, 0.9], [64 * MiB, 0.12]].map(([size, atMost]) => ({
    work: `alloc, fill, dispose of ${sizeName(size)}`,
    against: 'Uint8Array, fill, transfer(0)',
    atMost,
    needs: 'transfer',
    sides: () => [allocateFillDispose(size), fillTransfer(size)]
  })),

  {
    work: 'first touch of a fresh 64 MiB in a new process',
    against: 'new Uint8Array',
    atMost: 0.3,
    processes: 'first-touch.js'
  },

  {
    work: 'receiver of 1 MiB: attach and dispose',
    against: 'receiver of 1 KiB',
    atMost: 4,
    sides: () => [attachLarge(MiB), attachSmall(KiB)]
  },
  {
    work: 'index read on a small receiver',
    against: 'a bare accessor property',
    atMost: 1.15,
    sides: () => [readReceiver(16), readAccessors(16)]
  },
  {
    work: 'index read on a large receiver',
    against: 'a prototype Proxy with a get trap',
    atMost: 0.8,
    sides: () => [readReceiver(KiB), readProxy(KiB)]
  },

  ...[
    'alloc(64)', 'alloc(1024)', 'alloc(64) + dispose', 'alloc(1024) + dispose',
    'copyOnto of 64 bytes', 'copyOnto of 1 KiB', 'External element read', 'External element write'
  ].map((work) => ({ work, against: 'Node 0.12.18\'s smalloc', atMost: 1.0, needs: 'node012', processes: 'es5-loop.js' }))
]

// alloc

function allocate (size) {
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) last = smalloc.alloc(size)
    },
    check: () => checkZeros(smalloc.view(last), size)
  }
}

function allocateBuffer (size) {
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) last = Buffer.alloc(size)
    },
    check: () => checkZeros(last, size)
  }
}

function allocateUint8Array (size) {
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) last = new Uint8Array(size)
    },
    check: () => checkZeros(last, size)
  }
}

function constructExternal (size) {
  class Data extends smalloc.External {
    constructor (length) {
      super(length)
      this.used = 0
    }
  }
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) last = new Data(size)
    },
    check: () => checkZeros(smalloc.view(last), size)
  }
}

function constructUint8Array (size) {
  class Data extends Uint8Array {
    constructor (length) {
      super(length)
      this.used = 0
    }
  }
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) last = new Data(size)
    },
    check: () => checkZeros(last, size)
  }
}

function checkZeros (view, size) {
  assert.strictEqual(view.length, size)
  assert(view.every((element) => element === 0))
}

// Elements: one piece of work is one pass over all of them.

function newData () {
  class Data extends smalloc.External {}
  return new Data(KiB)
}

function newLargeBlock () {
  const block = smalloc.alloc(MiB)
  assert(process.env.SMALLOC_ENGINE_MEMORY === '1' || smalloc.memoryUsage().bytes >= MiB)
  return block
}

function readOurs (object) {
  const { length } = smalloc.view(object)
  fill.call(object, 3)
  let sum
  return {
    loop (n) {
      for (let pass = 0; pass < n; pass++) {
        let total = 0
        for (let i = 0; i < length; i++) total += object[i]
        sum = total
      }
    },
    check: () => assert.strictEqual(sum, 3 * length)
  }
}

function readTheirs (array) {
  const { length } = array
  array.fill(3)
  let sum
  return {
    loop (n) {
      for (let pass = 0; pass < n; pass++) {
        let total = 0
        for (let i = 0; i < length; i++) total += array[i]
        sum = total
      }
    },
    check: () => assert.strictEqual(sum, 3 * length)
  }
}

function writeOurs (object) {
  const { length } = smalloc.view(object)
  return {
    loop (n) {
      for (let pass = 0; pass < n; pass++) {
        for (let i = 0; i < length; i++) object[i] = i + n
      }
      object[0] = n
    },
    check: () => checkWritten(smalloc.view(object))
  }
}

function writeTheirs (array) {
  const { length } = array
  return {
    loop (n) {
      for (let pass = 0; pass < n; pass++) {
        for (let i = 0; i < length; i++) array[i] = i + n
      }
      array[0] = n
    },
    check: () => checkWritten(array)
  }
}

const checkWritten = (view) => assert(view.every((element, i) => element === ((i + view[0]) & 255)))

// copyOnto: both sides copy between the same two blocks, so that the placement of pages favours neither.

function copySides (size) {
  const source = smalloc.alloc(size)
  const dest = smalloc.alloc(size)
  const sourceBuffer = Buffer.from(smalloc.view(source).buffer)
  const destBuffer = Buffer.from(smalloc.view(dest).buffer)
  for (let i = 0; i < size; i++) source[i] = i * 31
  const ours = {
    loop (n) {
      for (let i = 0; i < n; i++) smalloc.copyOnto(source, 0, dest, 0, size)
    }
  }
  const theirs = {
    loop (n) {
      for (let i = 0; i < n; i++) sourceBuffer.copy(destBuffer, 0, 0, size)
    }
  }
  for (const side of [ours, theirs]) {
    side.check = () => {
      destBuffer.fill(0)
      side.loop(1)
      assert(sourceBuffer.equals(destBuffer))
    }
  }
  return [ours, theirs]
}

// alloc, fill, release. `%TypedArray%.prototype.fill` fills all of them; Buffer's own ends there, too.

function allocateFillDispose (size) {
  let filled
  let lastFill
  return {
    loop (n) {
      lastFill = (n - 1) & 255
      for (let i = 0; i < n; i++) {
        const object = smalloc.alloc(size)
        fill.call(object, i)
        filled = object[0]
        smalloc.dispose(object)
      }
    },
    check () {
      assert.strictEqual(filled, lastFill)
      const object = smalloc.alloc(size)
      checkZeros(smalloc.view(object), size)
      fill.call(object, 7)
      assert(smalloc.view(object).every((element) => element === 7))
      smalloc.dispose(object)
      assert.strictEqual(object[0], undefined)
    }
  }
}

function allocateUnsafeFillDispose (size) {
  let filled
  let lastFill
  return {
    loop (n) {
      lastFill = (n - 1) & 255
      for (let i = 0; i < n; i++) {
        const object = smalloc.allocUnsafe(size)
        fill.call(object, i)
        filled = object[0]
        smalloc.dispose(object)
      }
    },
    check () {
      assert.strictEqual(filled, lastFill)
      const object = smalloc.allocUnsafe(size)
      fill.call(object, 7)
      assert(smalloc.view(object).every((element) => element === 7))
      assert.strictEqual(smalloc.view(object).length, size)
      smalloc.dispose(object)
      assert.strictEqual(object[0], undefined)
    }
  }
}

function fillBuffer (size) {
  let filled
  let lastFill
  return {
    loop (n) {
      lastFill = (n - 1) & 255
      for (let i = 0; i < n; i++) {
        const buffer = Buffer.alloc(size)
        buffer.fill(i)
        filled = buffer[0]
      }
    },
    check () {
      assert.strictEqual(filled, lastFill)
      assert(Buffer.alloc(size).fill(7).every((element) => element === 7))
    }
  }
}

function fillTransfer (size) {
  let filled
  let lastFill
  return {
    loop (n) {
      lastFill = (n - 1) & 255
      for (let i = 0; i < n; i++) {
        const array = new Uint8Array(size)
        array.fill(i)
        filled = array[0]
        array.buffer.transfer(0)
      }
    },
    check () {
      assert.strictEqual(filled, lastFill)
      const array = new Uint8Array(size).fill(7)
      assert(array.every((element) => element === 7))
      array.buffer.transfer(0)
      assert.strictEqual(array.length, 0)
    }
  }
}

// Receivers

function attachLarge (size) {
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) {
        last = smalloc.alloc(size, {})
        smalloc.dispose(last)
      }
    },
    check: () => checkAttach(size, last)
  }
}

function attachSmall (size) {
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) {
        last = smalloc.alloc(size, {})
        smalloc.dispose(last)
      }
    },
    check: () => checkAttach(size, last)
  }
}

function checkAttach (size, disposed) {
  assert.strictEqual(smalloc.hasExternalData(disposed), false)
  assert.strictEqual(disposed[0], undefined)
  const receiver = smalloc.alloc(size, {})
  receiver[size - 1] = 5
  assert.strictEqual(receiver[size - 1], 5)
  assert.strictEqual(receiver[size], undefined)
  smalloc.dispose(receiver)
}

function readReceiver (length) {
  const receiver = smalloc.alloc(length, {})
  for (let i = 0; i < length; i++) receiver[i] = 3
  let sum
  return {
    loop (n) {
      for (let pass = 0; pass < n; pass++) {
        let total = 0
        for (let i = 0; i < length; i++) total += receiver[i]
        sum = total
      }
    },
    check: () => assert.strictEqual(sum, 3 * length)
  }
}

/** Index accessors that do no more than read the element. */
function readAccessors (length) {
  const elements = new Uint8Array(length).fill(3)
  const object = {}
  for (let i = 0; i < length; i++) {
    Object.defineProperty(object, i, { get: () => elements[i], enumerable: true, configurable: true })
  }
  let sum
  return {
    loop (n) {
      for (let pass = 0; pass < n; pass++) {
        let total = 0
        for (let i = 0; i < length; i++) total += object[i]
        sum = total
      }
    },
    check: () => assert.strictEqual(sum, 3 * length)
  }
}

/** A prototype whose `get` trap does no more than read the element. */
function readProxy (length) {
  const elements = new Uint8Array(length).fill(3)
  const object = Object.create(new Proxy(elements, { get: (target, key) => target[key] }))
  let sum
  return {
    loop (n) {
      for (let pass = 0; pass < n; pass++) {
        let total = 0
        for (let i = 0; i < length; i++) total += object[i]
        sum = total
      }
    },
    check: () => assert.strictEqual(sum, 3 * length)
  }
}

module.exports = { rows }
