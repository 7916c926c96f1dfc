'use strict'

const { viewOf } = require('../elements/view-of')
const { isLive } = require('../memory/detached')

/** Whether `value` has external array data: a live allocation or slice, an External, a Buffer or a typed array. */
function hasExternalData (value) {
  const view = viewOf(value)
  return view !== undefined && isLive(view)
}

module.exports = { hasExternalData }
