'use strict'

// Memory that leaves its object without a call of this package has one owner, whatever becomes of the object.

const assert = require('node:assert/strict')
const { MessageChannel, receiveMessageOnPort } = require('node:worker_threads')
const { alloc, allocUnsafe, dispose, hasExternalData, view } = require('../..')
const { collect } = require('../support/collect')
const { assertNothingIsLost } = require('../support/invariants')
const { snapshotOf, assertUnchanged } = require('../support/snapshot')
const { inUse } = require('../support/usage')
const { isEngineMemory } = require('../support/runtime')

const MiB = 2 ** 20
const canTransfer = 'transfer' in ArrayBuffer.prototype

/** Each takes an ArrayBuffer, and returns one with its memory, or a promise of one. */
const ways = {
  structuredClone: (buffer) => structuredClone(buffer, { transfer: [buffer] }),
  async 'a stream of bytes' (buffer) {
    const stream = new ReadableStream({ type: 'bytes', start: (controller) => controller.enqueue(new Uint8Array(buffer)) })
    const { value } = await stream.getReader().read()
    return value.buffer
  },
  postMessage (buffer) {
    const { port1, port2 } = new MessageChannel()
    port1.postMessage(buffer, [buffer])
    const { message } = receiveMessageOnPort(port2)
    port1.close()
    return message
  },
  ...canTransfer && {
    transfer: (buffer) => buffer.transfer(),
    'transfer to another length': (buffer) => buffer.transfer(MiB + 8),
    transferToFixedLength: (buffer) => buffer.transferToFixedLength()
  }
}

/** What may happen to the object before anybody looks at the memory that left it. */
const times = {
  'while the object lives': () => {},
  'after dispose': ({ object }) => dispose(object),
  'after dispose and garbage collection': async ({ object }) => {
    dispose(object)
    await collect(4)
  },
  'after the object is collected': async (holder) => {
    holder.object = undefined
    await collect(4)
  },
  'after it is allocated again': ({ object }) => {
    dispose(object)
    view(alloc(MiB, object)).fill(0xee)
  }
}

const holds = (bytes, value) => Buffer.from(bytes.buffer, 0, MiB).equals(Buffer.alloc(MiB, value))

/** A function of its own: no variable of the test keeps the memory alive. */
async function leaveBy (way, happen) {
  const holder = { object: alloc(MiB, {}) }
  view(holder.object).fill(7)
  const left = new Uint8Array(await ways[way](view(holder.object).buffer))
  // Node 20, which has no `transfer`, copies an external ArrayBuffer.
  const isMoved = isEngineMemory || canTransfer || way === 'a stream of bytes'
  assert.equal(hasExternalData(holder.object), !isMoved)
  await happen(holder)
  const others = Array.from({ length: 6 }, (_, i) => i % 2 ? alloc(MiB) : allocUnsafe(MiB))
  for (const other of others) view(other).fill(0xee)
  assert(holds(left, 7), 'what left has other bytes')
  left.fill(0x55)
  assert(others.every((other) => holds(view(other), 0xee)), 'others have the memory, too')
  if (holder.object && hasExternalData(holder.object)) others.push(holder.object)
  for (const other of others) dispose(other)
}

describe('memory that leaves its object', () => {
  before(() => collect(4)) // otherwise memory of other tests could come back during one of these

  for (const way of Object.keys(ways)) {
    for (const [time, happen] of Object.entries(times)) {
      it(`by ${way}: has one owner ${time}, and comes back in the end`, async () => {
        const before = inUse()
        await leaveBy(way, happen)
        await assertNothingIsLost(before)
      })
    }
  }

  for (const length of [3, 100]) {
    it(`ignores a write to its object of ${length} elements whose memory went elsewhere, which is what it was after an alloc that failed`, () => {
      const receiver = alloc(length, {})
      ways.structuredClone(view(receiver).buffer)
      receiver[0] = 7
      assert.equal(receiver[0], undefined)
      Object.defineProperty(receiver, 200, { value: 1 })
      const before = snapshotOf(receiver)
      assert.throws(() => alloc(3, receiver), { code: 'ERR_INVALID_ARG_VALUE' })
      assertUnchanged(receiver, before)
    })
  }
})
