'use strict'

// Engines differ in how they treat typed arrays. These functions ask the running engine, with typed arrays of its own.

/** What happens when an object writes to a number, and inherits from a typed array that has no such element. */
function writeOfHeir (key) {
  const heir = Object.create(new Uint8Array(0))
  let isConverted = false
  heir[key] = { valueOf: () => { isConverted = true; return 1 } }
  return { becomesOwn: Object.hasOwn(heir, key), isConverted }
}

/**
 * `method` is 'freeze', 'seal' or 'preventExtensions'. Whether that throws for a typed array of this length, and its `effect` on the
 * other properties of the array: the name of the method that has this effect on an ordinary object.
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

/** Whether a for-in loop leaves out a property that cannot be read because a typed array hides it. */
function forInAsksTypedArrays () {
  const keys = []
  for (const key in Object.create(Object.setPrototypeOf(new Uint8Array(0), { 5: 1 }))) keys.push(key)
  return keys.length === 0
}

module.exports = { forInAsksTypedArrays: forInAsksTypedArrays(), writeOfHeir, integrityOf }
