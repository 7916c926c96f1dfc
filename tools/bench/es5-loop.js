'use strict'
/* eslint-disable no-var -- Node 0.12 runs this file, too */

// Prints the nanoseconds that one piece of work takes, here or with the smalloc that Node 0.12.18 has built in.
//
//   node es5-loop.js ours|theirs <work> <milliseconds of a batch> [size]

var smalloc = process.argv[2] === 'ours' ? require('../..') : require('smalloc')
var fill = Buffer.prototype.fill
var KiB = 1024
var WARM_UP_MS = 25

/** Each makes `work` and `check`, as those of work.js. */
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
  function check (last) {
    last[size - 1] = 257
    assertEqual(last[size - 1], 1)
    assertEqual(last[size], undefined)
  }
  return { work: function () { return alloc(size) }, check: check }
}

function allocateDispose (size) {
  function work () {
    var object = smalloc.alloc(size)
    smalloc.dispose(object)
    return object
  }
  return { work: work, check: function (last) { assertEqual(last[0], undefined) } }
}

function copy (size) {
  var source = smalloc.alloc(size)
  var dest = smalloc.alloc(size)
  for (var i = 0; i < size; i++) source[i] = i * 31
  function check () {
    for (var i = 0; i < size; i++) assertEqual(dest[i], (i * 31) & 255)
  }
  return { work: function () { smalloc.copyOnto(source, 0, dest, 0, size) }, check: check }
}

/** An External here; any object there, because alloc binds memory to all of them alike. */
function newData () {
  return smalloc.External ? new smalloc.External(KiB) : smalloc.alloc(KiB)
}

/** One piece of work is one pass over all elements. */
function read () {
  var data = newData()
  for (var i = 0; i < KiB; i++) data[i] = 3
  function work () {
    var sum = 0
    for (var i = 0; i < KiB; i++) sum += data[i]
    return sum
  }
  return { work: work, check: function (sum) { assertEqual(sum, 3 * KiB) } }
}

function write () {
  var data = newData()
  function work (n) {
    for (var i = 0; i < KiB; i++) data[i] = i + n
  }
  function check (_, n) {
    for (var i = 0; i < KiB; i++) assertEqual(data[i], (i + n - 1) & 255)
  }
  return { work: work, check: check }
}

/** Buffer's fill takes any object that has external array data and a length. Node 0.12 has no other one. */
function fillDispose (size) {
  function work (i) {
    var object = smalloc.alloc(size)
    object.length = size
    fill.call(object, i)
    var byte = object[size - 1]
    smalloc.dispose(object)
    return byte
  }
  return { work: work, check: function (byte, n) { assertEqual(byte, (n - 1) & 255) } }
}

function assertEqual (actual, expected) {
  if (actual !== expected) throw new Error('got ' + actual + ', not ' + expected)
}

function main (work, check, milliseconds) {
  var last
  function time (n) {
    var start = process.hrtime()
    for (var i = 0; i < n; i++) last = work(i)
    var elapsed = process.hrtime(start)
    return elapsed[0] * 1e9 + elapsed[1]
  }
  // Warms the loop up as measure.js does.
  for (var n = 1, took = 0; took < WARM_UP_MS; n *= 2) took = time(n) / 1e6
  n = Math.ceil(n / 2 * milliseconds / took)
  var times = [time(n), time(n), time(n)]
  check(last, n)
  times.sort(function (a, b) { return a - b })
  process.stdout.write(JSON.stringify(times[1] / n))
}

var side = works[process.argv[3]](Number(process.argv[5]))
main(side.work, side.check, Number(process.argv[4]))
