'use strict'

// The model of what smalloc exports, as docs/api.md says it: what each call does to the model's objects, or why it throws.
// If a call breaks several rules, docs/api.md does not say which error comes first. So a Refusal has all errors that may come.

const { ModelObject, Refusal, element, isElement } = require('./objects')
const { Memory, Window, types, isArrayIndex } = require('./memory')

const ARG_TYPE = 'TypeError ERR_INVALID_ARG_TYPE'
const ARG_VALUE = 'TypeError ERR_INVALID_ARG_VALUE'
const OUT_OF_RANGE = 'RangeError ERR_OUT_OF_RANGE'
const NO_DATA = 'Error ERR_NO_EXTERNAL_DATA'

/** Receivers with up to so many elements have own properties, those with more a layer. */
const OWN_ELEMENTS = 64

const isObject = (value) => value instanceof ModelObject
const without = (errors) => errors.filter((error) => error !== undefined)

function refuse (...errors) {
  const given = without(errors)
  if (given.length > 0) throw new Refusal(...given)
}

/** What is wrong with a number of elements. */
function countError (value, max) {
  if (typeof value !== 'number') return ARG_TYPE
  if (!(value >= 0 && value <= max)) return OUT_OF_RANGE
}

const typeByNumber = (number) => Object.keys(types).find((name) => types[name].number === number)

function typeError (number) {
  if (typeof number !== 'number') return ARG_TYPE
  if (typeByNumber(number) === undefined) return ARG_VALUE
}

function receiverErrors (receiver) {
  if (!isObject(receiver)) return [ARG_TYPE]
  const keys = Reflect.ownKeys(receiver.own).filter(isArrayIndex)
  const isFixed = keys.some((key) => !Reflect.getOwnPropertyDescriptor(receiver.own, key).configurable)
  const isUnfit = receiver.isTypedArray || receiver.isDataView || receiver.isArray
  return isUnfit || receiver.hasData || !receiver.isExtensible || isFixed ? [ARG_VALUE] : []
}

const dataError = (object) => !isObject(object) ? ARG_TYPE : object.hasData ? undefined : NO_DATA

/** What is wrong with the ArrayBuffer for adopt, whose elements take `size` bytes each. */
function bufferErrors (memory, size) {
  if (memory === undefined) return [ARG_TYPE]
  if (!memory.live || memory.isFixed || memory.isOurs) return [ARG_VALUE]
  return memory.bytes.length % size === 0 ? [] : [OUT_OF_RANGE]
}

class Model {
  /** Every object that the sequence holds, or that such an object inherits from. */
  objects = []
  layers = 0

  add (name, real) {
    const object = new ModelObject(name, real)
    this.objects.push(object)
    return object
  }

  forget (object) {
    this.objects.splice(this.objects.indexOf(object), 1)
  }

  newWindow (length, typeNumber) {
    const type = typeByNumber(typeNumber)
    const count = Math.trunc(length) + 0
    const memory = new Memory(count * types[type].size)
    memory.isOurs = true
    return new Window(memory, 0, count, type)
  }

  /** Throws what alloc throws. */
  checkAlloc (length, typeNumber, receiver) {
    const size = types[typeByNumber(typeNumber)]?.size ?? 1
    const errors = receiver === undefined ? [] : receiverErrors(receiver)
    refuse(typeError(typeNumber), countError(length, Number.MAX_SAFE_INTEGER / size), ...errors)
  }

  /** A bare or External object. */
  makeTypedArray (name, real, window) {
    return Object.assign(this.add(name, real), { isTypedArray: true, isOurs: true, ownsMemory: true, window })
  }

  /** A typed array that is not smalloc's. */
  addForeign (name, real, window) {
    return Object.assign(this.add(name, real), { isTypedArray: true, window })
  }

  alloc (length, receiver, typeNumber = types.Uint8.number) {
    this.checkAlloc(length, typeNumber, receiver)
    this.bind(receiver, this.newWindow(length, typeNumber), true)
    return receiver
  }

  bind (receiver, window, ownsMemory) {
    this.unbind(receiver)
    for (const key of Reflect.ownKeys(receiver.own).filter(isArrayIndex)) delete receiver.own[key]
    Object.assign(receiver, { window, ownsMemory, isOurs: true })
    if (window.count <= OWN_ELEMENTS) {
      for (let index = 0; index < window.count; index++) Object.defineProperty(receiver.own, index, element)
    } else {
      const layer = new ModelObject(`layer ${this.layers++} of ${receiver.name}`)
      Object.assign(layer, { window, layerOf: receiver, isProxy: true, proto: receiver.proto })
      receiver.layer = receiver.proto = layer
    }
  }

  /** Takes off what `bind` did, as far as it is still there. */
  unbind (receiver) {
    for (const key of Reflect.ownKeys(receiver.own)) {
      if (isElement(Reflect.getOwnPropertyDescriptor(receiver.own, key))) Reflect.deleteProperty(receiver.own, key)
    }
    const { layer } = receiver
    if (layer !== undefined && receiver.proto === layer && receiver.isExtensible) receiver.proto = layer.proto
    receiver.window = receiver.layer = undefined
  }

  dispose (object) {
    if (!isObject(object)) refuse(ARG_TYPE)
    if (!object.isOurs) refuse(object.isTypedArray || object.isDataView ? ARG_VALUE : NO_DATA)
    const { window } = object
    if (window === undefined) return
    if (object.ownsMemory) this.free(window.memory)
    if (!object.isTypedArray) this.unbind(object)
  }

  /** Frees the memory, and ends the slices of it. */
  free (memory) {
    memory.free()
    for (const object of this.objects) {
      if (object.isOurs && !object.ownsMemory && object.window?.memory === memory) this.unbind(object)
    }
  }

  /** The memory moves to another ArrayBuffer, without a call of smalloc's. So receivers are not put back. */
  transfer (object) {
    object.window.memory.free()
  }

  /** The model does not know the memory of a DataView. */
  disposeBuffer (object) {
    if (!isObject(object)) refuse(ARG_TYPE)
    if (object.isOurs) refuse(ARG_VALUE)
    if (object.isDataView) return
    if (!object.isTypedArray && !object.isArrayBuffer) refuse(ARG_TYPE)
    this.disposeMemory(object.isArrayBuffer ? object.memory : object.window.memory, object.window?.byteLength)
  }

  /** The caller's object has `ownBytes` of the memory; undefined means all. */
  disposeMemory (memory, ownBytes = memory.bytes.length) {
    if (memory.isShared) refuse(ARG_VALUE)
    if (!memory.live) return
    if (memory.isOurs || ownBytes !== memory.bytes.length) refuse(ARG_VALUE)
    if (ownBytes > 0) this.free(memory)
  }

  /** Returns the Memory that has moved out of the object. */
  release (object) {
    if (!isObject(object)) refuse(ARG_TYPE)
    if (!object.isOurs) refuse(object.isTypedArray || object.isDataView ? ARG_VALUE : NO_DATA)
    if (!object.hasData) refuse(NO_DATA)
    if (!object.ownsMemory) refuse(ARG_VALUE)
    const { memory } = object.window
    const moved = memory.move()
    this.dispose(object)
    return moved
  }

  /**
   * Returns the Window that the adopted memory has now. `receiver` is undefined where adopt is to make a new object. Slices of the
   * ArrayBuffer are empty then, and not put back, as after `transfer`.
   */
  adopt (memory, receiver, typeNumber = types.Uint8.number) {
    const type = typeByNumber(typeNumber)
    const size = types[type]?.size ?? 1
    refuse(typeError(typeNumber), ...receiver === undefined ? [] : receiverErrors(receiver), ...bufferErrors(memory, size))
    const moved = memory.move()
    moved.isOurs = true
    const window = new Window(moved, 0, moved.bytes.length / size, type)
    if (receiver !== undefined) this.bind(receiver, window, true)
    return window
  }

  copyOnto (source, sourceStart, dest, destStart, copyLength) {
    const max = Number.MAX_SAFE_INTEGER
    refuse(dataError(source), dataError(dest), ...[sourceStart, destStart, copyLength].map((count) => countError(count, max)))
    const [from, to] = [source.window, dest.window]
    const [start, at, length] = [sourceStart, destStart, copyLength].map(Math.trunc)
    if (start + length > from.length || at > to.length) refuse(OUT_OF_RANGE)
    if (at * to.size + length * from.size > to.byteLength) refuse(OUT_OF_RANGE)
    to.bytes().set(from.bytes().slice(start * from.size, (start + length) * from.size), at * to.size)
  }

  sliceOnto (source, dest, start = 0, end = undefined) {
    const max = Number.MAX_SAFE_INTEGER
    const countErrors = [countError(start, max), end === undefined ? undefined : countError(end, max)]
    const length = isObject(source) && source.hasData ? source.window.length : Infinity
    const isOutside = () => Math.trunc(end) > length || Math.trunc(start) > Math.trunc(end ?? length)
    const rangeError = without(countErrors).length === 0 && isOutside() ? OUT_OF_RANGE : undefined
    refuse(dataError(source), ...receiverErrors(dest), ...countErrors, rangeError)
    const { window } = source
    const last = Math.trunc(end ?? window.length)
    this.bind(dest, window.part(Math.trunc(start), last), false)
    return dest
  }

  /** The window of what `view` returns. */
  view (object, typeNumber) {
    refuse(dataError(object), typeNumber === undefined ? undefined : typeError(typeNumber))
    const { window } = object
    if (typeNumber === undefined) return window.part(0, window.length)
    return window.as(typeByNumber(typeNumber)) ?? refuse(OUT_OF_RANGE)
  }

  hasExternalData (object) {
    return isObject(object) && object.hasData
  }
}

module.exports = { Model, receiverErrors, OWN_ELEMENTS, ARG_TYPE, ARG_VALUE, NO_DATA }
