// A program of the days of Node 0.12: it keeps the last readings of a sensor in a ring, with their histogram.
// It runs unchanged but for its first line, which was: var smalloc = require('smalloc')

/* eslint-disable no-var */

var smalloc = require('..') // in your own code: require('smalloc')

function Ring (size) {
  this.size = size
  this.count = 0
  smalloc.alloc(size, this, smalloc.Types.Float)
}

Ring.prototype.add = function (value) {
  this[this.count++ % this.size] = value
}

Ring.prototype.mean = function () {
  var length = Math.min(this.count, this.size)
  var sum = 0
  for (var i = 0; i < length; i++) sum += this[i]
  return sum / length
}

Ring.prototype.copy = function () {
  var copy = new Ring(this.size)
  smalloc.copyOnto(this, 0, copy, 0, this.size)
  copy.count = this.count
  return copy
}

function histogram (ring, classes) {
  var counts = smalloc.alloc(classes, smalloc.Types.Uint32)
  for (var i = 0; i < classes; i++) counts[i] = 0
  for (i = 0; i < ring.size; i++) counts[Math.floor(ring[i])]++
  return counts
}

var ring = new Ring(1000)
for (var i = 0; i < 2500; i++) ring.add((i * 7 % 100) / 25)
var kept = ring.copy()
var counts = histogram(ring, 4)

console.log('readings  ' + ring.count + ', the last ' + ring.size + ' kept')
console.log('mean      ' + ring.mean().toFixed(3))
for (i = 0; i < 4; i++) console.log(i + ' to ' + (i + 1) + '    ' + counts[i])

smalloc.dispose(ring)
smalloc.dispose(counts)
console.log('disposed  ' + ring[0] + ', the copy has ' + kept.mean().toFixed(3))
