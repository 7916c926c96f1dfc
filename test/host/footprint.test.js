'use strict'

const assert = require('node:assert/strict')
const { answerOf } = require('../support/child')
const { quick } = require('../support/long')
const { isNode } = require('../support/runtime')

const isReadable = process.platform === 'linux' && isNode

describe('what the module has of its host\'s system', () => {
  let answers

  before(async function () {
    if (!isReadable) this.skip()
    answers = []
    for (let i = 0; i < quick(5, 2); i++) answers.push(await answerOf('footprint.js'))
  })

  it('is one thread, the one that gives memory back', () => {
    for (const { before, after } of answers) assert(after.threads <= before.threads + 1, `${after.threads - before.threads} more`)
  })

  it('is no file', () => {
    for (const { before, after } of answers) assert.equal(after.files, before.files)
  })

  it('is no signal and no listener', () => {
    for (const { before, after } of answers) {
      assert.equal(after.caughtSignals, before.caughtSignals)
      assert.equal(after.ignoredSignals, before.ignoredSignals)
      assert.deepEqual(after.listeners, before.listeners)
    }
  })

  it('is some mappings: those of the addon, its thread, its blocks and what the engine compiles meanwhile', () => {
    for (const { before, after } of answers) assert(after.mappings < before.mappings + 100, `${after.mappings - before.mappings} more`)
  })

  it('is nothing that keeps the event loop alive', () => {
    for (const { handles } of answers) assert.deepEqual(handles.filter((name) => !/Pipe|TTY|FS|File|Socket/.test(name)), [])
  })

  it('takes less than 100 ms of the processor to load', () => {
    const fastest = Math.min(...answers.map(({ loading }) => loading))
    assert(fastest < 100, `${fastest} ms`)
  })
})
