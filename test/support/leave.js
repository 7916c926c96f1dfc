'use strict'

// Ways in which memory leaves its object without a call of this package. Each returns an ArrayBuffer with that memory, or a
// promise of one.

const { view } = require('../..')

const ways = {
  structuredClone (object) {
    const { buffer } = view(object)
    return structuredClone(buffer, { transfer: [buffer] })
  },
  async 'a stream of bytes' (object) {
    const stream = new ReadableStream({ type: 'bytes', start: (controller) => controller.enqueue(view(object)) })
    const { value } = await stream.getReader().read()
    return value.buffer
  },
  ...ArrayBuffer.prototype.transfer && {
    transfer: (object) => view(object).buffer.transfer()
  }
}

/** The way that every runtime has for every kind of memory. */
const leave = ways['a stream of bytes']

module.exports = { ways, leave }
