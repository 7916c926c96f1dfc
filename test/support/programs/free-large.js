'use strict'

// To be preloaded: has the engine free one large block of malloc's. glibc then takes blocks up to that size from its
// heap, which it can only return from the end.

const { takeBack } = require('../../../lib/native/binding')

takeBack(new Uint8Array(2 ** 24))
