'use strict'

const { handOut } = require('../elements/hand-out')
const { elementSizeOf, liveViewOf, windowOf } = require('../elements/view-of')
const { misfit } = require('../internal/errors')
const { bufferOf, byteOffsetOf, lengthOf } = require('../internal/primordials')
const { typedArrayOf } = require('../internal/types')

/**
 * A typed array over the memory of `obj`: of the type of `obj`, or of `type` if the memory is a whole number of such elements.
 * Its length becomes 0 when `obj` is disposed.
 */
function view (obj, type) {
  const TypedArray = type === undefined ? undefined : typedArrayOf(type)
  const elements = liveViewOf('obj', obj)
  handOut(obj, elements)
  return TypedArray === undefined ? windowOf(elements, 0, lengthOf(elements)) : viewAs(TypedArray, elements)
}

function viewAs (TypedArray, elements) {
  const { BYTES_PER_ELEMENT } = TypedArray
  const byteLength = lengthOf(elements) * elementSizeOf(elements) // read once: another thread may grow shared memory
  const byteOffset = byteOffsetOf(elements)
  const notMultiple = (bytes) => `${bytes}, which is no multiple of ${BYTES_PER_ELEMENT}`
  if (byteLength % BYTES_PER_ELEMENT !== 0) throw misfit(`its bytes are ${notMultiple(byteLength)}`)
  if (byteOffset % BYTES_PER_ELEMENT !== 0) throw misfit(`it starts at byte ${notMultiple(byteOffset)}`)
  return new TypedArray(bufferOf(elements), byteOffset, byteLength / BYTES_PER_ELEMENT)
}

module.exports = { view }
