'use strict'

const assert = require('node:assert/strict')

/** What an object is made of: its prototype, and its own properties in their order. */
function snapshotOf (object) {
  return {
    prototype: Object.getPrototypeOf(object),
    extensible: Object.isExtensible(object),
    properties: Reflect.ownKeys(object).map((key) => [key, Object.getOwnPropertyDescriptor(object, key)])
  }
}

function assertUnchanged (object, before) {
  const now = snapshotOf(object)
  assert.equal(now.prototype, before.prototype, 'the prototype')
  assert.equal(now.extensible, before.extensible)
  assert.deepEqual(now.properties.map(([key]) => key), before.properties.map(([key]) => key), 'the own keys')
  for (const [index, [key, descriptor]] of now.properties.entries()) {
    const expected = before.properties[index][1]
    for (const field of Object.keys(expected)) assert(Object.is(descriptor[field], expected[field]), `${String(key)}: ${field}`)
    assert.deepEqual(Object.keys(descriptor), Object.keys(expected))
  }
}

module.exports = { snapshotOf, assertUnchanged }
