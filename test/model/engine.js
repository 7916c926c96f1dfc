'use strict'

// What the documentation says of typed arrays "as the running Node treats" them, and engines treat differently:
// asked of the engine's own typed arrays.

/** What becomes of a write to a number by an object that inherits from a typed array without such an element. */
function writeOfHeir (key) {
  const heir = Object.create(new Uint8Array(0))
  let isConverted = false
  heir[key] = { valueOf: () => { isConverted = true; return 1 } }
  return { becomesOwn: Object.hasOwn(heir, key), isConverted }
}

/**
 * What Object.freeze, seal or preventExtensions, given by its name, does to a typed array of this length: whether it throws,
 * and what it has done to the array's other properties by then, as the name of the one of the three that does that.
 */
function integrityOf (method, length) {
  const elements = Object.assign(new Uint8Array(length), { x: 1 })
  let isDone = true
  try {
    Object[method](elements)
  } catch (error) {
    isDone = false
  }
  const { writable, configurable } = Object.getOwnPropertyDescriptor(elements, 'x')
  const strictest = !writable ? 'freeze' : !configurable ? 'seal' : 'preventExtensions'
  return { isDone, effect: Object.isExtensible(elements) ? undefined : strictest }
}

/** Whether a for-in loop leaves out what cannot be read because a typed array stands before it. */
function forInAsksTypedArrays () {
  const keys = []
  for (const key in Object.create(Object.setPrototypeOf(new Uint8Array(0), { 5: 1 }))) keys.push(key)
  return keys.length === 0
}

module.exports = { forInAsksTypedArrays: forInAsksTypedArrays(), writeOfHeir, integrityOf }
