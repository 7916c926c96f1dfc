'use strict'

// Answers programs: node answer.js <module>
// Each line of the input is a program: a list of lines of ES5 code, as JSON. For each program a line with the list of answers goes
// out: the result of each line of code, as text, or the name of its error. This file is ES5, because Node 0.12 runs it, too.

/* eslint-disable no-var */

var smalloc = require(process.argv[2])

/** The objects of a program are o0, o1 and so on. */
var MOST_OBJECTS = 200

;[smalloc, require('./helpers')(smalloc)].forEach(function (names) {
  for (var name in names) global[name] = names[name]
})

/** An indirect eval runs global code, so the lines of a program share their objects. */
var evaluate = eval

function answersTo (program) {
  for (var number = 0; number < MOST_OBJECTS; number++) global['o' + number] = undefined
  return program.map(function (code) {
    try {
      return show(evaluate('"use strict"; ' + code))
    } catch (error) {
      var words = /^\w+ has no external array data/.exec(error.message)
      return words ? error.name + ': ' + words[0] : error.name
    }
  })
}

function show (value) {
  if (Array.isArray(value)) return '[' + value.map(show).join(', ') + ']'
  if (value === 0 && 1 / value < 0) return '-0'
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

var input = ''
process.stdin.setEncoding('utf8')
process.stdin.on('data', function (text) {
  var lines = (input + text).split('\n')
  input = lines.pop()
  lines.forEach(function (line) {
    process.stdout.write(JSON.stringify(answersTo(JSON.parse(line))) + '\n')
  })
})
