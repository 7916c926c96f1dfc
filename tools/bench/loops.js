'use strict'
/* eslint-disable no-var -- Node 0.12 runs this file, too */

// What is timed. Each function makes a loop that does a piece of work n times, and returns what the last one gave. What it calls
// is given to it: work.js gives it what Node has today.
//
// As a program, it prints the nanoseconds that one piece of work takes with smalloc, here or as Node 0.12.18 has it built in:
//
//   node loops.js ours|theirs <work> <milliseconds of a batch> <size>

exports.allocate = function (make, size) {
  // Out here, because V8 makes slower code for a local variable that keeps the result (1.4 times for alloc(16)).
  var last
  return function (n) {
    for (var i = 0; i < n; i++) last = make(size)
    return last
  }
}

exports.allocateFree = function (make, free, size) {
  var last
  return function (n) {
    for (var i = 0; i < n; i++) {
      last = make(size)
      free(last)
    }
    return last
  }
}

/** Returns the last byte. */
exports.allocateFill = function (make, fill, free, size) {
  var byte
  return function (n) {
    for (var i = 0; i < n; i++) {
      var memory = make(size)
      fill(memory, i)
      byte = memory[size - 1]
      free(memory)
    }
    return byte
  }
}

exports.copy = function (copy, source, dest, size) {
  return function (n) {
    for (var i = 0; i < n; i++) copy(source, dest, size)
  }
}

/** One piece of work is one pass over all elements, here and in `write`. Returns their sum. */
exports.read = function (object, length) {
  var sum
  return function (n) {
    var elements = object
    for (var pass = 0; pass < n; pass++) {
      var total = 0
      for (var i = 0; i < length; i++) total += elements[i]
      sum = total
    }
    return sum
  }
}

exports.write = function (object, length) {
  return function (n) {
    var elements = object
    for (var pass = 0; pass < n; pass++) {
      for (var i = 0; i < length; i++) elements[i] = i + pass
    }
  }
}

/** By its name, what makes a loop over smalloc, and what throws unless the loop has done its work. */
function worksOf (smalloc) {
  /** What alloc of Node 0.12 gives is not zeroed. */
  var allocUnsafe = smalloc.allocUnsafe || smalloc.alloc
  /** Any object there, because alloc binds memory to all of them alike. */
  var newData = smalloc.External ? function (size) { return new smalloc.External(size) } : smalloc.alloc
  var fillBytes = Buffer.prototype.fill

  function isBytes (size) {
    return function (memory) {
      memory[size - 1] = 257
      assertEqual(memory[size - 1], 1)
      assertEqual(memory[size], undefined)
    }
  }

  return {
    alloc: function (size) { return [exports.allocate(smalloc.alloc, size), isBytes(size)] },
    allocUnsafe: function (size) { return [exports.allocate(allocUnsafe, size), isBytes(size)] },
    'alloc, dispose': function (size) {
      return [exports.allocateFree(smalloc.alloc, smalloc.dispose, size), function (memory) { assertEqual(memory[0], undefined) }]
    },
    'alloc, fill, dispose': function (size) {
      /** Buffer's fill takes any object that has external array data and a length. Node 0.12 has no other one. */
      function fill (object, value) {
        object.length = size
        fillBytes.call(object, value)
      }
      var loop = exports.allocateFill(smalloc.alloc, fill, smalloc.dispose, size)
      return [loop, function (byte, n) { assertEqual(byte, (n - 1) & 255) }]
    },
    copyOnto: function (size) {
      var source = smalloc.alloc(size)
      var dest = smalloc.alloc(size)
      exports.write(source, size)(1)
      function copy (source, dest, size) { smalloc.copyOnto(source, 0, dest, 0, size) }
      return [exports.copy(copy, source, dest, size), function () { assertWritten(dest, size, 0) }]
    },
    read: function (size) {
      var data = newData(size)
      for (var i = 0; i < size; i++) data[i] = 3
      return [exports.read(data, size), function (sum) { assertEqual(sum, 3 * size) }]
    },
    write: function (size) {
      var data = newData(size)
      return [exports.write(data, size), function (last, n) { assertWritten(data, size, n - 1) }]
    }
  }
}

function assertWritten (elements, length, n) {
  for (var i = 0; i < length; i++) assertEqual(elements[i], (i + n) & 255)
}

function assertEqual (actual, expected) {
  if (actual !== expected) throw new Error('got ' + actual + ', not ' + expected)
}

function main (args) {
  var side = worksOf(args[0] === 'ours' ? require('../..') : require('smalloc'))[args[1]](Number(args[3]))
  var last
  function time (n) {
    var start = process.hrtime()
    last = side[0](n)
    var elapsed = process.hrtime(start)
    return elapsed[0] * 1e9 + elapsed[1]
  }
  // Warms the loop up as measure.js does.
  for (var n = 1, took = 0; took < 25; n *= 2) took = time(n) / 1e6
  n = Math.ceil(n / 2 * args[2] / took)
  var times = [time(n), time(n), time(n)]
  side[1](last, n)
  times.sort(function (a, b) { return a - b })
  process.stdout.write(JSON.stringify(times[1] / n))
}

if (require.main === module) main(process.argv.slice(2))
