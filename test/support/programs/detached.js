'use strict'

// Memory that leaves its object by the way argv[2], and what then happens to it. Prints an array: one result for each
// point of time at which the object is disposed or collected. Needs --expose-gc.

const { MessageChannel } = require('node:worker_threads')
const { alloc, allocUnsafe, dispose, hasExternalData, view } = require('../../..')
const { collect } = require('../collect')
const left = require('../leave')
const { inUse } = require('../usage')

const MiB = 2 ** 20

const ways = {
  ...left.ways,
  ...ArrayBuffer.prototype.transfer && {
    'transfer to another length': (object) => view(object).buffer.transfer(MiB + 8),
    transferToFixedLength: (object) => view(object).buffer.transferToFixedLength()
  },
  postMessage (object) {
    const { buffer } = view(object)
    const { port1, port2 } = new MessageChannel()
    const received = new Promise((resolve) => port2.once('message', resolve))
    try {
      port1.postMessage(buffer, [buffer])
    } catch (error) {
      port1.close()
      throw error
    }
    return received.finally(() => port1.close())
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

async function attempt (way, time, happen) {
  const usage = inUse()
  const { result, others } = await live(way, time, happen)
  for (const other of others) dispose(other)
  await collect(100, () => inUse().bytes <= usage.bytes)
  return { ...result, isBack: JSON.stringify(inUse()) === JSON.stringify(usage) }
}

/** A separate function, so that no variable keeps the memory alive after it has returned. */
async function live (way, time, happen) {
  const holder = { object: alloc(MiB, {}) }
  view(holder.object).fill(7)
  let left
  try {
    left = new Uint8Array(await ways[way](holder.object))
  } catch (error) {
    const intact = holds(view(holder.object), 7)
    dispose(holder.object)
    return { result: { time, outcome: `refused: ${error.name}`, intact, alone: true }, others: [] }
  }
  const outcome = hasExternalData(holder.object) ? 'copied' : 'moved'
  await happen(holder)
  const others = Array.from({ length: 6 }, (_, i) => i % 2 ? alloc(MiB) : allocUnsafe(MiB))
  for (const other of others) view(other).fill(0xee)
  const intact = holds(left, 7)
  left.fill(0x55)
  const alone = others.every((other) => holds(view(other), 0xee))
  if (holder.object && hasExternalData(holder.object)) others.push(holder.object)
  return { result: { time, outcome, intact, alone }, others }
}

async function main (way) {
  await attempt(way, '', times['after dispose']) // what is made only once, is made here
  await collect(4)
  const results = []
  for (const [time, happen] of Object.entries(times)) results.push(await attempt(way, time, happen))
  console.log(JSON.stringify(results))
}

if (require.main === module) main(process.argv[2])
module.exports = { ways: Object.keys(ways), times: Object.keys(times) }
