'use strict'

const assert = require('node:assert/strict')
const { alloc } = require('..')

describe('alloc', () => {
  it('gives a receiver its elements and returns it', () => {
    const receiver = {}
    assert.equal(alloc(3, receiver), receiver)
    assert.deepEqual(receiver, { 0: 0, 1: 0, 2: 0 })
  })
})
