'use strict'

const { isLive, viewOf } = require('../elements/view-of')

/** Whether `value` has external array data: a live allocation or slice, an External, a Buffer or a typed array. */
function hasExternalData (value) {
  const view = viewOf(value)
  return view !== undefined && isLive(view)
}

module.exports = { hasExternalData }
