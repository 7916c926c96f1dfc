'use strict'
/* eslint-disable no-var -- Node 0.12 runs this file, too */

// Prints the nanoseconds that one piece of work takes, here or with the smalloc that Node 0.12.18 has built in.
//
//   node es5-loop.js ours|theirs <work> <milliseconds of a batch> [size]

var smalloc = process.argv[2] === 'ours' ? require('../..') : require('smalloc')
var fill = Buffer.prototype.fill
var KiB = 1024
var WARM_UP_MS = 25

/** Each makes a side as work.js does: `loop(n)` does the work n times, `check(n)` throws unless it was done. */
var works = {
  'alloc(64)': function () { return allocate(smalloc.alloc, 64) },
  'alloc(1024)': function () { return allocate(smalloc.alloc, KiB) },
  'alloc(64) + dispose': function () { return allocateDispose(64) },
  'alloc(1024) + dispose': function () { return allocateDispose(KiB) },
  // What alloc of Node 0.12 gives is not zeroed.
  'allocUnsafe of 16 KiB': function () { return allocate(smalloc.allocUnsafe || smalloc.alloc, 16 * KiB) },
  'copyOnto of 64 bytes': function () { return copy(64) },
  'copyOnto of 1 KiB': function () { return copy(KiB) },
  'External element read': read,
  'External element write': write,
  'alloc, fill, dispose': fillDispose
}

function allocate (alloc, size) {
  var last
  return {
    loop: function (n) {
      for (var i = 0; i < n; i++) last = alloc(size)
    },
    check: function () {
      last[size - 1] = 257
      assertEqual(last[size - 1], 1)
      assertEqual(last[size], undefined)
    }
  }
}

function allocateDispose (size) {
  var last
  return {
    loop: function (n) {
      for (var i = 0; i < n; i++) {
        last = smalloc.alloc(size)
        smalloc.dispose(last)
      }
    },
    check: function () { assertEqual(last[0], undefined) }
  }
}

function copy (size) {
  var source = smalloc.alloc(size)
  var dest = smalloc.alloc(size)
  for (var i = 0; i < size; i++) source[i] = i * 31
  return {
    loop: function (n) {
      for (var i = 0; i < n; i++) smalloc.copyOnto(source, 0, dest, 0, size)
    },
    check: function () {
      for (var i = 0; i < size; i++) assertEqual(dest[i], (i * 31) & 255)
    }
  }
}

/** An External here; any object there, because alloc binds memory to all of them alike. */
function newData (length) {
  return smalloc.External ? new smalloc.External(length) : smalloc.alloc(length)
}

/** One piece of work is one pass over all elements. */
function read () {
  var data = newData(KiB)
  var sum
  for (var i = 0; i < KiB; i++) data[i] = 3
  return {
    loop: function (n) {
      var elements = data
      for (var pass = 0; pass < n; pass++) {
        var total = 0
        for (var i = 0; i < KiB; i++) total += elements[i]
        sum = total
      }
    },
    check: function () { assertEqual(sum, 3 * KiB) }
  }
}

function write () {
  var data = newData(KiB)
  return {
    loop: function (n) {
      var elements = data
      for (var pass = 0; pass < n; pass++) {
        for (var i = 0; i < KiB; i++) elements[i] = i + pass
      }
    },
    check: function (n) {
      for (var i = 0; i < KiB; i++) assertEqual(data[i], (i + n - 1) & 255)
    }
  }
}

/** Buffer's fill takes any object that has external array data and a length. Node 0.12 has no other one. */
function fillDispose (size) {
  var first
  return {
    loop: function (n) {
      for (var i = 0; i < n; i++) {
        var object = smalloc.alloc(size)
        object.length = size
        fill.call(object, i)
        first = object[0]
        smalloc.dispose(object)
      }
    },
    check: function (n) { assertEqual(first, (n - 1) & 255) }
  }
}

function assertEqual (actual, expected) {
  if (actual !== expected) throw new Error('got ' + actual + ', not ' + expected)
}

function time (loop, n) {
  var start = process.hrtime()
  loop(n)
  var elapsed = process.hrtime(start)
  return elapsed[0] * 1e9 + elapsed[1]
}

/** Warms the loop up as measure.js does. */
function batchSize (loop, milliseconds) {
  for (var n = 1; ; n *= 2) {
    var took = time(loop, n) / 1e6
    if (took >= WARM_UP_MS) return Math.ceil(n * milliseconds / took)
  }
}

function main () {
  var side = works[process.argv[3]](Number(process.argv[5]))
  var n = batchSize(side.loop, Number(process.argv[4]))
  var times = []
  for (var i = 0; i < 3; i++) times.push(time(side.loop, n) / n)
  side.check(n)
  times.sort(function (a, b) { return a - b })
  process.stdout.write(JSON.stringify(times[1]))
}

main()
