'use strict'

// One allocation of every kind. Tests of "every kind" use this list.

const { alloc, External, Types } = require('../..')

/** Receivers with up to so many elements have own indices. */
const OWN_ELEMENTS = 64

class SimpleData extends External {
  constructor (length) {
    super(length)
    this.length = length
  }
}

/** Each makes an allocation of `length` elements of a type, given by its name. */
const kinds = {
  bare: (length, type = 'Uint8') => alloc(length, Types[type]),
  External: (length, type = 'Uint8') => new External[type](length),
  'External subclass': (length, type = 'Uint8') => {
    class Data extends External[type] {}
    return new Data(length)
  },
  receiver: (length, type = 'Uint8') => alloc(length, {}, Types[type]),
  function: (length, type = 'Uint8') => alloc(length, function allocMe () {}, Types[type])
}

/** The kinds whose objects are typed arrays themselves. */
const exotic = ['bare', 'External', 'External subclass']

/** What External and bare objects inherit so that Node's APIs find their bytes; see lib/elements/view-properties.js. */
const hiddenProperties = ['buffer', 'byteLength', 'byteOffset', 'BYTES_PER_ELEMENT', 'valueOf']
if (require('../../lib/elements/buffer-concat').concatReadsLength) hiddenProperties.push('length')

/** Calls `test(name, make)` for each kind; `make(length, type)` makes one. */
function forEachKind (test) {
  for (const [name, make] of Object.entries(kinds)) test(name, make)
}

module.exports = { OWN_ELEMENTS, SimpleData, kinds, exotic, hiddenProperties, forEachKind }
