'use strict'

// The work that is timed. A side does its work `n` times in `loop(n)`; `check()` throws unless the work was done,
// outside the timed part. Two sides never share a loop: a shared one would see two kinds of object at one access.

const assert = require('node:assert')
const smalloc = require('../..')

const { fill } = Uint8Array.prototype

// release, adopt

function releaseAdopt (size) {
  let object = smalloc.alloc(size)
  return {
    loop (n) {
      for (let i = 0; i < n; i++) object = smalloc.adopt(smalloc.release(object))
    },
    check: () => checkFilled(smalloc.view(object), size, 0)
  }
}

function transferTwice (size) {
  let arrayBuffer = new ArrayBuffer(size)
  return {
    loop (n) {
      for (let i = 0; i < n; i++) arrayBuffer = arrayBuffer.transfer().transfer()
    },
    check: () => checkFilled(new Uint8Array(arrayBuffer), size, 0)
  }
}

// alloc

function allocate (size) {
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) last = smalloc.alloc(size)
    },
    check: () => checkFilled(smalloc.view(last), size, 0)
  }
}

function allocateBuffer (size) {
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) last = Buffer.alloc(size)
    },
    check: () => checkFilled(last, size, 0)
  }
}

function allocateUint8Array (size) {
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) last = new Uint8Array(size)
    },
    check: () => checkFilled(last, size, 0)
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
    check: () => checkFilled(smalloc.view(last), size, 0)
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
    check: () => checkFilled(last, size, 0)
  }
}

/** Throws unless each byte is `value`: the first is, and each equals the one before it. memcmp checks that fast. */
function checkFilled (view, size, value) {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.length)
  assert.strictEqual(bytes.length, size)
  assert.strictEqual(bytes[0], value)
  assert(bytes.subarray(1).equals(bytes.subarray(0, -1)))
}

// Elements: one piece of work is one pass over all of them.

const newBare = (size) => smalloc.alloc(size)

function newData (size) {
  class Data extends smalloc.External {}
  return new Data(size)
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

// Copies. Whoever copies gets blocks of one kind, so that the placement of pages favours nobody.

/** No power of two in length, so that bytes moved to the wrong place show. */
const PATTERN = Uint8Array.from({ length: 251 }, (_, i) => i)

/** `source` and `dest`, and Buffers over the same memory. */
function newBlocks (size) {
  const source = smalloc.alloc(size)
  const dest = smalloc.alloc(size)
  const sourceBuffer = Buffer.from(smalloc.view(source).buffer).fill(PATTERN)
  const destBuffer = Buffer.from(smalloc.view(dest).buffer)
  return { size, source, dest, sourceBuffer, destBuffer }
}

function copyOnto ({ size, source, dest, sourceBuffer, destBuffer }) {
  return withCopyCheck(sourceBuffer, destBuffer, (n) => {
    for (let i = 0; i < n; i++) smalloc.copyOnto(source, 0, dest, 0, size)
  })
}

function copyBuffer ({ size, sourceBuffer, destBuffer }) {
  return withCopyCheck(sourceBuffer, destBuffer, (n) => {
    for (let i = 0; i < n; i++) sourceBuffer.copy(destBuffer, 0, 0, size)
  })
}

function copySet ({ sourceBuffer, destBuffer }) {
  const source = new Uint8Array(sourceBuffer.buffer)
  const dest = new Uint8Array(destBuffer.buffer)
  return withCopyCheck(sourceBuffer, destBuffer, (n) => {
    for (let i = 0; i < n; i++) dest.set(source, 0)
  })
}

function withCopyCheck (sourceBuffer, destBuffer, loop) {
  return {
    loop,
    check () {
      destBuffer.fill(0)
      loop(1)
      assert(sourceBuffer.equals(destBuffer))
    }
  }
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
      checkFilled(smalloc.view(object), size, 0)
      fill.call(object, 7)
      checkFilled(smalloc.view(object), size, 7)
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
      checkFilled(smalloc.view(object), size, 7)
      smalloc.dispose(object)
      assert.strictEqual(object[0], undefined)
    }
  }
}

function fillOneBuffer (size) {
  const buffer = Buffer.alloc(size)
  let filled
  let lastFill
  return {
    loop (n) {
      lastFill = (n - 1) & 255
      for (let i = 0; i < n; i++) {
        buffer.fill(i)
        filled = buffer[0]
      }
    },
    check () {
      assert.strictEqual(filled, lastFill)
      checkFilled(buffer, size, lastFill)
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
      checkFilled(Buffer.alloc(size).fill(7), size, 7)
    }
  }
}

function fillUnsafeBuffer (size) {
  let filled
  let lastFill
  return {
    loop (n) {
      lastFill = (n - 1) & 255
      for (let i = 0; i < n; i++) {
        const buffer = Buffer.allocUnsafe(size)
        buffer.fill(i)
        filled = buffer[0]
      }
    },
    check () {
      assert.strictEqual(filled, lastFill)
      checkFilled(Buffer.allocUnsafe(size).fill(7), size, 7)
    }
  }
}

function fillUint8Array (size) {
  let filled
  let lastFill
  return {
    loop (n) {
      lastFill = (n - 1) & 255
      for (let i = 0; i < n; i++) {
        const array = new Uint8Array(size)
        array.fill(i)
        filled = array[0]
      }
    },
    check () {
      assert.strictEqual(filled, lastFill)
      checkFilled(new Uint8Array(size).fill(7), size, 7)
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
      checkFilled(array, size, 7)
      array.buffer.transfer(0)
      assert.strictEqual(array.length, 0)
    }
  }
}

// alloc, release

function allocateDispose (size) {
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) {
        last = smalloc.alloc(size)
        smalloc.dispose(last)
      }
    },
    check: () => assert.strictEqual(last[0], undefined)
  }
}

function transferAway (size) {
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) {
        last = new Uint8Array(size)
        last.buffer.transfer(0)
      }
    },
    check: () => assert.strictEqual(last.length, 0)
  }
}

function allocateUnsafeDispose (size) {
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) {
        last = smalloc.allocUnsafe(size)
        smalloc.dispose(last)
      }
    },
    check: () => assert.strictEqual(last[0], undefined)
  }
}

function transferUnsafeAway (size) {
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) {
        last = Buffer.allocUnsafeSlow(size)
        last.buffer.transfer(0)
      }
    },
    check: () => assert.strictEqual(last.length, 0)
  }
}

function allocateUnsafe (size) {
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) last = smalloc.allocUnsafe(size)
    },
    check: () => checkFilled(smalloc.view(fill.call(last, 7)), size, 7)
  }
}

function allocateUnsafeSlow (size) {
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) last = Buffer.allocUnsafeSlow(size)
    },
    check: () => checkFilled(last.fill(7), size, 7)
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

/** What attaching must do, at the least. */
function defineAccessors (length) {
  const elements = new Uint8Array(length)
  const descriptors = {}
  for (let i = 0; i < length; i++) {
    descriptors[i] = { get: () => elements[i], set: (value) => { elements[i] = value }, enumerable: true, configurable: true }
  }
  let last
  return {
    loop (n) {
      for (let i = 0; i < n; i++) {
        last = Object.defineProperties({}, descriptors)
        for (let index = 0; index < length; index++) delete last[index]
      }
    },
    check: () => assert.deepStrictEqual(last, {})
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

module.exports = {
  releaseAdopt,
  transferTwice,
  newBare,
  newData,
  allocate,
  allocateBuffer,
  allocateUint8Array,
  constructExternal,
  constructUint8Array,
  readOurs,
  readTheirs,
  writeOurs,
  writeTheirs,
  newBlocks,
  copyOnto,
  copyBuffer,
  copySet,
  allocateFillDispose,
  allocateUnsafeFillDispose,
  fillOneBuffer,
  fillBuffer,
  fillUnsafeBuffer,
  fillUint8Array,
  fillTransfer,
  allocateDispose,
  transferAway,
  allocateUnsafeDispose,
  transferUnsafeAway,
  allocateUnsafe,
  allocateUnsafeSlow,
  attachLarge,
  attachSmall,
  defineAccessors,
  readReceiver,
  readAccessors,
  readProxy
}
