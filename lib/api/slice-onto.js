'use strict'

const { handOut } = require('../elements/hand-out')
const { whyNone } = require('../elements/no-data')
const { attach, checkReceiver, takeOff } = require('../elements/receiver')
const { rememberSlice } = require('../elements/slices')
const { liveViewOf, windowOf } = require('../elements/view-of')
const { noExternalData, invalidArgType, outOfRange } = require('../internal/errors')
const { bufferOf, lengthOf } = require('../internal/primordials')
const { isObject, toCount } = require('../internal/validate')
const { isLive } = require('../memory/detached')
const { needStack } = require('../native/binding')

/**
 * Gives `dest` the elements of `source` from `start` up to `end` (default: all of them): the same memory, the same type.
 * Returns `dest`.
 */
function sliceOnto (source, dest, start = 0, end = undefined) {
  if (!isObject(dest)) throw invalidArgType('dest', 'an object or a function', dest)
  start = toCount(start, 'start')
  if (end !== undefined) end = toCount(end, 'end')
  checkReceiver('dest', dest)
  const view = liveViewOf('source', source)
  const length = lengthOf(view)
  if (end === undefined) end = length
  if (end > length) throw outOfRange('end', `at most ${length}`, end)
  if (start > end) throw outOfRange('start', `at most ${end}`, start)
  const elements = windowOf(view, start, end - start)
  needStack()
  handOut(source, view)
  rememberSlice(bufferOf(view), dest) // before `attach`: execution may end in between, and a slice must end with its source
  attach('dest', dest, elements, 0)
  if (!isLive(elements)) { // a trap of a Proxy has disposed the source
    takeOff(dest)
    throw noExternalData('source', whyNone('source', source))
  }
  return dest
}

module.exports = { sliceOnto }
