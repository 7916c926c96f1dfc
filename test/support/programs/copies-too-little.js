'use strict'

// smalloc with a defect, for the test of tools/fuzz.js to find: of 17 elements and more, the last is not copied.

const smalloc = require('../../..')

function copyOnto (source, sourceStart, dest, destStart, copyLength) {
  smalloc.copyOnto(source, sourceStart, dest, destStart, copyLength > 16 ? copyLength - 1 : copyLength)
}

module.exports = { ...smalloc, copyOnto }
