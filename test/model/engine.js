'use strict'

// What README promises "as a Uint8Array's" or "as the running Node treats a typed array", and engines treat differently:
// asked of the engine's own typed arrays.

/** What becomes of `heir[5] = 1n` where the heir inherits from a typed array of 3 elements: of this engine's opinions. */
function writeOfHeirPastEnd () {
  const heir = Object.create(new Uint8Array(3))
  heir[5] = 1
  return Object.hasOwn(heir, 5) ? 'own property' : 'ignored'
}

function convertsForHeirPastEnd () {
  let isConverted = false
  Object.create(new Uint8Array(3))[5] = { valueOf: () => { isConverted = true; return 1 } }
  return isConverted
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

module.exports = {
  writeOfHeirPastEnd: writeOfHeirPastEnd(),
  convertsForHeirPastEnd: convertsForHeirPastEnd(),
  integrityOf
}
