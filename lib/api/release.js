'use strict'

const { Allocation } = require('../elements/allocation')
const { whoHasIt } = require('../elements/no-data')
const { takeOff } = require('../elements/receiver')
const { endSlicesOf, hasSlices } = require('../elements/slices')
const { liveViewOf } = require('../elements/view-of')
const { invalidArgType, invalidArgValue, noExternalData } = require('../internal/errors')
const { isView } = require('../internal/primordials')
const { isObject } = require('../internal/validate')
const { releaseBackingStore } = require('../memory/backing-store')
const { needStack } = require('../native/binding')

/**
 * Takes the memory off `obj` and returns it as an ArrayBuffer of exactly its bytes, which may be posted to another thread. No
 * byte is copied, except those of a block on Node 20. `obj` is then as disposed.
 */
function release (obj) {
  if (!isObject(obj)) throw invalidArgType('obj', 'an object or a function', obj)
  if (!Allocation.is(obj)) throw isView(obj) ? notOurs() : noExternalData('obj', whoHasIt(obj))
  const view = liveViewOf('obj', obj)
  if (!Allocation.ownsMemory(obj)) throw invalidArgValue('obj', 'must not be a slice: its memory is its source\'s')
  needStack()
  const mayHaveSlices = hasSlices(view)
  const arrayBuffer = releaseBackingStore(view, Allocation.knownBufferOf(obj))
  if (view === obj) Allocation.clear(obj)
  else quietly(() => takeOff(obj))
  if (mayHaveSlices) quietly(() => endSlicesOf(view))
  return arrayBuffer
}

const notOurs = () =>
  invalidArgValue('obj', 'must not be a Buffer, a typed array or a DataView: release the object, not its view; for memory that ' +
    'is not smalloc\'s, post its ArrayBuffer')

/**
 * Runs a step after the memory has moved. An error would lose the memory, so the error is dropped: a trap of a Proxy may
 * throw. The next call on the object takes off what is left on it.
 */
function quietly (step) {
  try {
    step()
  } catch (error) {
    // The memory matters more.
  }
}

module.exports = { release }
