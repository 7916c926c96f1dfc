'use strict'

// What report() returns, as data and as text; and the stack that says where a call comes from.

const path = require('node:path')
const { inspect } = require('node:util')

const { Error } = globalThis

/** The folder of this package's own files: their lines are left out of stacks. */
const OWN_FOLDER = path.join(__dirname, '..') + path.sep

/** Where the running call comes from: lines that begin with "at", the innermost first. Empty if that is not known. */
function stackHere () {
  const stack = stackOf(new Error())
  if (typeof stack !== 'string') return ''
  return stack.split('\n').filter((line) => /^\s+at /.test(line) && !line.includes(OWN_FOLDER)).join('\n')
}

/** Error.prepareStackTrace may return anything, and may throw: then memory that has moved already would be lost. */
function stackOf (error) {
  try {
    return error.stack
  } catch (failure) {
    return undefined
  }
}

/** The first line of a stack. */
const placeOf = (stack) => stack.split('\n', 1)[0].trim() || 'at a place that is not known'

const byBytes = (one, other) => other.bytes - one.bytes

class Report {
  /** Allocations that are neither disposed nor collected, by place: { place, count, bytes, oldestMs, stack }, most bytes first. */
  live
  /** Allocations that nobody disposed and the collector took: the same without `oldestMs`. */
  undisposed

  constructor (live, undisposed) {
    this.live = listOf(live)
    this.undisposed = listOf(undisposed)
  }

  toString () {
    return `${textOf('live', this.live)}\n${textOf('taken by the garbage collector, not disposed', this.undisposed)}`
  }

  /** So that console.log shows the text. */
  [inspect.custom] () {
    return `${this}`
  }
}

function listOf (groups) {
  const list = []
  groups.forEach((group) => list.push({ ...group }))
  return list.sort(byBytes)
}

function textOf (title, groups) {
  const sum = (key) => groups.reduce((total, group) => total + group[key], 0)
  const head = `${title}: ${counted(sum('count'))}, ${sum('bytes')} bytes`
  return [head, ...groups.map(lineOf)].join('\n')
}

function lineOf ({ count, bytes, oldestMs, stack }) {
  const age = oldestMs === undefined ? '' : `, the oldest for ${(oldestMs / 1000).toFixed(1)} s`
  return `  ${counted(count)}, ${bytes} bytes${age}\n${stack || '    at a place that is not known'}`
}

const counted = (count) => `${count} allocation${count === 1 ? '' : 's'}`

module.exports = { placeOf, Report, stackHere }
