'use strict'

// A Buffer-like class as it was written for Node 0.12: a constructor that allocates onto `this`.
// node examples/buffer-like-es5.js [file]

/* eslint-disable no-var */

var fs = require('fs')
var path = require('path')
var smalloc = require('..') // in your own code: require('smalloc')

function Bytes (length) {
  this.length = length
  smalloc.alloc(length, this)
}

Bytes.fromFile = function (file) {
  var content = fs.readFileSync(file)
  var bytes = new Bytes(content.length)
  smalloc.copyOnto(content, 0, bytes, 0, content.length)
  return bytes
}

Bytes.prototype.slice = function (start, end) {
  var slice = new Bytes(end - start)
  smalloc.copyOnto(this, start, slice, 0, slice.length)
  return slice
}

Bytes.prototype.toString = function (encoding) {
  var text = Buffer.alloc(this.length) // then: new Buffer(this.length)
  smalloc.copyOnto(this, 0, text, 0, this.length)
  return text.toString(encoding || 'utf8')
}

Bytes.prototype.count = function (wanted) {
  var found = 0
  for (var i = 0; i < this.length; i++) if (this[i] === wanted) found++
  return found
}

var file = process.argv[2] || path.join(__dirname, '..', 'package-lock.json')
var bytes = Bytes.fromFile(file)

var counted = 0
while (counted in bytes) counted++
var size = fs.statSync(file).size

console.log('file           ' + path.basename(file))
console.log('bytes counted  ' + counted)
console.log('fs.statSync    ' + size)
console.log('lines          ' + bytes.count(0x0a))
console.log('first, as hex  ' + bytes.slice(0, Math.min(8, size)).toString('hex'))

smalloc.dispose(bytes)
console.log('after dispose  ' + smalloc.hasExternalData(bytes))

if (counted !== size) {
  console.error(counted + ' bytes counted, but the file has ' + size)
  process.exitCode = 1
}
