'use strict'

const { Allocation } = require('./allocation')
const { takeBack } = require('./binding')
const { invalidArgument, invalidReceiver, noExternalData } = require('./errors')
const { isView } = require('./intrinsics')
const { detach } = require('./receiver')
const { endSlicesOf } = require('./slice')
const { isObject } = require('./validate')

/**
 * Frees the memory of `obj` in this call: its elements are gone, its views and slices have length 0. A slice only lets
 * go of its source's memory. Once more does nothing.
 */
function dispose (obj) {
  if (!isObject(obj)) throw invalidArgument('obj', 'an object or a function', obj)
  if (!Allocation.is(obj)) throw isView(obj) ? notOurs() : noExternalData('obj')
  const view = Allocation.viewOf(obj)
  if (view === obj) return free(view)
  const attachment = Allocation.attachmentOf(obj)
  if (attachment === undefined) return // disposed before
  if (attachment.ownsMemory) free(view)
  detach(obj)
}

const notOurs = () =>
  invalidReceiver('obj', 'must not be a Buffer, a typed array or a DataView: their memory is not smalloc\'s to free')

function free (view) {
  endSlicesOf(view)
  takeBack(view)
}

module.exports = { dispose }
