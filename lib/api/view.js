'use strict'

const { handOut } = require('../elements/hand-out')
const { lengthOf } = require('../internal/primordials')
const { liveViewOf, windowOf } = require('../elements/view-of')

/** A typed array over the memory of `obj`, of its type. Its length becomes 0 when `obj` is disposed. */
function view (obj) {
  const elements = liveViewOf('obj', obj)
  handOut(obj, elements)
  return windowOf(elements, 0, lengthOf(elements))
}

module.exports = { view }
