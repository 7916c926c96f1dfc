'use strict'

// Answers the probes from the one with the given number on: node run-probes.js <module> <number>
// One line before each probe and one after it, so that whoever reads knows which of them ended the process.
// Runs in Node 0.12 as well, hence ES5.

/* eslint-disable no-var */

var fs = require('fs')

var smalloc = require(process.argv[2])
var probes = require('./probes')(smalloc)

for (var number = +process.argv[3]; number < probes.length; number++) {
  say({ number: number })
  say({ number: number, answer: answerTo(probes[number]) })
}

function answerTo (probe) {
  try {
    return show(probe.run())
  } catch (error) {
    return error.name
  }
}

function show (value) {
  if (Array.isArray(value)) return '[' + value.map(show).join(', ') + ']'
  if (value === 0 && 1 / value < 0) return '-0'
  return String(value)
}

function say (line) {
  fs.writeSync(1, JSON.stringify(line) + '\n')
}
