'use strict'

// Runs sequences of test/model/sequences.js and tells what was answered: node run-sequences.js <module>
// Each line of the input is a sequence as JSON; each line of the output is what was observed, in order:
// { step, what, answer, why }, where `why` says of which kind the object was. Runs in Node 0.12 as well, hence ES5.
//
// Where the table of differences says that the two differ in what they do to an object, everything after that would differ as
// well. Such steps are left out, and their rows are told: { avoided: id }. compare-sequences.js attributes the other
// differences.

/* eslint-disable no-var */

var inspect = require('util').inspect

var smalloc = require(process.argv[2])
var isOriginal = /^v0\./.test(process.version)

var sizes = { Int8: 1, Uint8: 1, Int16: 2, Uint16: 2, Int32: 4, Uint32: 4, Float: 4, Double: 8, Uint8Clamped: 1 }

/** In elements: receivers with up to so many have own properties here. */
var SMALL = 64
/** In elements: longer lists of keys take too long to make. */
var LISTED = 200

function Thing () {
  this.made = true
}
Thing.prototype.sum = function () { return this[0] + this[1] }

/** What the kinds of test/model/kinds.js are in ES5; the others are plain objects. */
var makers = {
  'object with keys': function () { return { 0: 'zero', 5: 'five', 70: 'seventy', x: 'x', '01': 'one', '-1': 'minus' } },
  'object without prototype': function () { return Object.create(null) },
  instance: function () { return new Thing() },
  function: function () { return function (x) { return x * 3 } },
  Map: function () { return new Map() },
  Date: function () { return new Date(5) }
}
/** Those that util.inspect shows alike. */
var inspected = ['object', 'object with keys', 'bare']

/** Thrown to leave out a step that a row of the table of differences is about; with no id, one that ES5 cannot say. */
function Avoided (id) {
  this.id = id
}

function avoid (isSo, id) {
  if (isSo) throw new Avoided(id)
}

function Sequence () {
  this.held = []
  this.made = 0
  this.facts = []
  this.touched = []
  /** The last that was asked for. */
  this.type = 'Uint8'
}

var proto = Sequence.prototype

proto.tell = function (step, what, answer, why) {
  this.facts.push({ step: step, what: what, answer: answer, why: why })
}

/** An entry: the object, and what the sequence knows of it. */
proto.hold = function (object, shape, prototype) {
  var entry = {
    name: 'o' + this.made++, object: object, shape: shape, prototype: prototype, length: 0, size: 1,
    isBare: false, isAllocated: false, isDisposed: false, isForeign: false
  }
  this.held.push(entry)
  this.touched.push(entry)
  return entry
}

var selections = {
  live: isLive,
  free: function (entry) { return !entry.isAllocated && !entry.isForeign },
  used: function (entry) { return !entry.isAllocated && !entry.isForeign },
  any: function () { return true }
}

function isLive (entry) {
  return (entry.isAllocated && !entry.isDisposed) || entry.isForeign
}

proto.pick = function (at, are) {
  var chosen = this.held.filter(selections[are || 'any'])
  var pool = chosen.length === 0 ? this.held : chosen
  avoid(pool.length === 0)
  var entry = pool[pool.length - 1 - at % pool.length]
  if (this.touched.indexOf(entry) < 0) this.touched.push(entry)
  return entry
}

/** The entry and those that it inherits from. */
function chainOf (entry) {
  var chain = []
  for (var at = entry; at; at = at.prototype) chain.push(at)
  return chain
}

function isReceiver (entry) {
  return entry.isAllocated && !entry.isBare
}

function isLarge (entry) {
  return isReceiver(entry) && entry.length > SMALL
}

/** What kind an object is of, for the rules that attribute differences. */
function whyOf (entry) {
  var kind = entry.isBare ? 'bare' : !entry.isAllocated ? 'plain' : isLarge(entry) ? 'large' : 'small'
  return kind + (entry.isDisposed ? ' disposed' : '') + (chainOf(entry).filter(hasNumbers).length > 1 ? ' over numbers' : '')
}

/** Whether it has, or had, elements, or properties whose keys are numbers. */
function hasNumbers (entry) {
  return entry.isAllocated || Object.keys(entry.object).some(isNumeric)
}

var simple = { undefined: undefined, NaN: NaN, '-0': -0, Infinity: Infinity, '-Infinity': -Infinity }

/** See test/model/values.js. */
function decode (code) {
  if (!Array.isArray(code)) return code
  if (Object.prototype.hasOwnProperty.call(simple, code[0])) return simple[code[0]]
  if (code[0] === 'valueOf') {
    var inner = decode(code[1])
    return { valueOf: function () { return inner } }
  }
  if (code[0] === 'throws') return { valueOf: function () { throw new EvalError('valueOf') } }
  throw new Avoided()
}

/** A length or position as number; not one that the table of differences is about. */
function count (code, notNumber, outside) {
  var value = decode(code)
  avoid(typeof value !== 'number', notNumber)
  avoid(value !== value || (value > -1 && value < 0) || Math.abs(value) >= 4294967296, outside)
  return value
}

function typeOf (code) {
  if (sizes[code] !== undefined) return smalloc.Types[code]
  var value = decode(code)
  avoid(value !== undefined && (typeof value !== 'number' || Math.floor(value) !== value), 'D8')
  return value
}

function isTypeWrong (type) {
  return type !== undefined && (type < 1 || type > 9)
}

function isNumeric (key) {
  return key === '-0' || String(Number(key)) === key
}

function isIndex (key) {
  return String(key >>> 0) === key && key !== '4294967295'
}

/** Runs the action, tells the outcome, and returns whether there was no error. */
proto.perform = function (step, text, action, why) {
  var answer
  var isDone = true
  try {
    answer = show(action())
  } catch (error) {
    var words = /^\w+ has no external array data/.exec(error.message)
    answer = words ? error.name + ': ' + words[0] : error.name
    isDone = false
  }
  this.tell(step, text, answer, why)
  return isDone
}

function show (value) {
  if (Array.isArray(value)) return '[' + value.map(show).join() + ']'
  if (value === 0 && 1 / value < 0) return '-0'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

var steps = {
  typedArray: function (run, step) {
    var type = typeOf(step.type)
    var length = count(step.length, 'D5', 'D6')
    var entry
    var args = step.form === 1 ? [length] : step.form === 2 ? [length, type] : [length, undefined, type]
    var isDone = run.perform('alloc', 'alloc(' + args.map(show).join() + ')', function () {
      entry = run.hold(smalloc.alloc.apply(smalloc, args), 'bare')
    }, length < 0 && isTypeWrong(type) ? 'several wrong' : undefined)
    if (!isDone) return
    entry.isBare = true
    allocated(entry, length, step.form === 1 ? 'Uint8' : step.type)
  },

  plain: function (run, step) {
    var kind = makers[step.kind] ? step.kind : 'object'
    run.hold(makers[kind] ? makers[kind]() : {}, kind)
  },

  receiver: function (run, step) {
    var type = typeOf(step.type)
    var length = count(step.length, 'D5', 'D6')
    steps.plain(run, step)
    allocOnto(run, run.held[run.held.length - 1], length, type, step.type)
  },

  foreign: function (run, step) {
    var bytes = []
    for (var index = 0; index < step.length; index++) bytes.push(index & 255)
    var entry = run.hold(Buffer.allocUnsafe ? Buffer.from(bytes) : new Buffer(bytes), 'Buffer')
    entry.isForeign = true
    entry.length = step.length
  },

  alloc: function (run, step) {
    var entry = run.pick(step.at, step.are)
    allocOnto(run, entry, count(step.length, 'D5', 'D6'), typeOf(step.type), step.type)
  },

  heir: function (run, step) {
    var parent = run.pick(step.at)
    avoid(parent.isForeign)
    run.hold(Object.create(parent.object), 'heir', parent)
  },

  read: function (run, step) {
    var entry = run.pick(step.at, step.are)
    var key = decode(step.key)
    avoid(entry.isForeign)
    run.perform('read', entry.name + '[' + show(key) + ']', function () { return [entry.object[key], key in entry.object] }, whyOf(entry))
  },

  write: function (run, step) {
    var entry = run.pick(step.at, step.are)
    var key = decode(step.key)
    var value = decode(step.value)
    checkWrite(entry, String(key), step.value)
    run.perform('write', entry.name + '[' + show(key) + '] = ' + show(value), function () { entry.object[key] = value })
  },

  delete: function (run, step) {
    var entry = run.pick(step.at, step.are)
    var key = decode(step.key)
    avoid(entry.isForeign)
    avoid(isReceiver(entry) && !isLarge(entry) && isIndex(String(key)) && Number(key) < entry.length, 'D15')
    run.perform('delete', 'delete ' + entry.name + '[' + show(key) + ']', function () {
      try {
        delete entry.object[key]
      } catch (error) {
        // Strict mode says that it has not been done; what there is is asked for afterwards.
      }
    })
  },

  fill: function (run, step) {
    fill(run.pick(step.at, step.are), step.from, step.by)
  },

  copy: function (run, step) {
    var are = step.fits ? 'live' : 'any'
    var source = run.pick(step.from, are)
    var dest = run.pick(step.apart && run.pick(step.to, are) === source ? step.to + 1 : step.to, are)
    var starts = [step.sourceStart, step.destStart, step.length].map(function (code) { return count(code, 'D21', 'D22') })
    if (step.fits) fitCopy(starts, source, dest)
    var text = 'copyOnto(' + [source.name, starts[0], dest.name, starts[1], starts[2]].join() + ')'
    var why = source.isDisposed || dest.isDisposed ? 'disposed' : undefined
    // D23: in 0.12 the starts are in bytes.
    var factor = isOriginal ? [source.size, dest.size] : [1, 1]
    run.perform('copyOnto', text, function () {
      return smalloc.copyOnto(source.object, truncate(starts[0]) * factor[0], dest.object, truncate(starts[1]) * factor[1], starts[2])
    }, why)
  },

  has: function (run, step) {
    run.pick(step.at) // told with every object that is touched
  },

  dispose: function (run, step) {
    var entry = run.pick(step.at)
    var isDone = run.perform('dispose', 'dispose(' + entry.name + ')', function () { return smalloc.dispose(entry.object) })
    if (isDone && entry.isAllocated) entry.isDisposed = true
  },

  setPrototype: function (run, step) {
    var entry = run.pick(step.at)
    var other = run.pick(step.to)
    avoid(entry.isForeign)
    avoid(isLarge(entry), 'D14')
    if (step.how !== 'object' && step.how !== 'null') return
    avoid(step.how === 'object' && (other.isForeign || chainOf(other).indexOf(entry) >= 0))
    var isDone = run.perform('setPrototypeOf', 'Object.setPrototypeOf(' + entry.name + ', ' + step.how + ')', function () {
      Object.setPrototypeOf(entry.object, step.how === 'null' ? null : other.object)
    })
    entry.isMoved = true
    if (isDone) entry.prototype = step.how === 'null' ? undefined : other
  },

  drop: function (run, step) {
    var entry = run.pick(step.at)
    run.held.splice(run.held.indexOf(entry), 1)
    run.touched = []
  },

  gc: function () {
    global.gc()
  }
}

function allocOnto (run, entry, length, type, name) {
  avoid(isReceiver(entry) && entry.isDisposed, 'D28')
  avoid(Object.prototype.hasOwnProperty.call(entry.object, '4294967295'), 'D20')
  var wrong = [length < 0, isTypeWrong(type), entry.isAllocated || entry.isForeign].filter(Boolean).length
  var isDone = run.perform('alloc', 'alloc(' + [show(length), entry.name, show(type)].join() + ')', function () {
    return smalloc.alloc(length, entry.object, type) === entry.object
  }, wrong > 1 ? 'several wrong' : undefined)
  if (isDone) allocated(entry, length, name)
}

/** D4: fresh memory is whatever was there. */
function allocated (entry, length, typeName) {
  entry.isAllocated = true
  entry.isDisposed = false
  entry.length = truncate(length)
  entry.size = sizes[typeName] || 1
  fill(entry, 0, 0)
}

function fill (entry, from, by) {
  if (!isLive(entry)) return
  for (var index = 0; index < entry.length; index++) entry.object[index] = (from + index * by) & 255
}

function truncate (number) {
  return (number < 0 ? Math.ceil(number) : Math.floor(number)) + 0
}

/** Makes starts and length, any from 0 on, ones that fit. */
function fitCopy (starts, source, dest) {
  if (!isLive(source) || !isLive(dest)) return
  starts[0] %= source.length + 1
  starts[1] %= dest.length + 1
  var room = Math.min(source.length - truncate(starts[0]), (dest.length - truncate(starts[1])) * dest.size / source.size)
  room = Math.floor(room)
  if (starts[2] > 0) starts[2] = room === 0 ? 0 : 1 + starts[2] % room
}

/** Leaves out what makes a property in one of the two only. */
function checkWrite (entry, key, code) {
  var isPastEnd = isIndex(key) && Number(key) >= entry.length
  // Engines do not agree on where this key stands among others.
  avoid(!entry.isAllocated && key === '4294967295')
  // Whatever a Buffer makes of it, it is not smalloc's doing.
  avoid(entry.isForeign && (isPastEnd || !isIndex(key)))
  avoid(isNumeric(key) && chainOf(entry).slice(1).some(function (at) { return at.isBare && !hasElement(at, key) }), 'D35')
  if (!entry.isAllocated) return
  avoid((entry.isBare || isLarge(entry)) && /^\d+$/.test(key) && isNumeric(key) && Number(key) > 4294967295, 'D34')
  // Whether 0.12 converts what it ignores depends on what was written there before: the caches of its compiler do not.
  avoid(!hasElement(entry, key) && Array.isArray(code) && code[0] === 'throws')
  if (entry.isBare) return avoid(isNumeric(key) && !isIndex(key), 'D19')
  avoid(entry.isDisposed && (isIndex(key) || key === '4294967295'), 'D26')
  if (isLarge(entry)) return
  avoid(isPastEnd, 'D18')
  avoid(key === '4294967295', 'D20')
}

function hasElement (entry, key) {
  return isLive(entry) && isIndex(key) && Number(key) < entry.length
}

/** All elements, or of many a sum of them all. */
function elementsOf (entry) {
  var object = entry.object
  var values = []
  for (var index = 0; index < entry.length; index++) values.push(object[index])
  if (values.length <= 100) return show(values)
  return values.length + ' elements: ' + values.reduce(function (sum, value, index) {
    return value === value && value !== undefined ? (sum + value * (index % 251 + 1)) % 1e9 : sum + 1
  }, 0)
}

proto.observe = function (entry) {
  var run = this
  var object = entry.object
  var own = Object.prototype.hasOwnProperty
  var why = whyOf(entry)
  var isListed = entry.length <= LISTED && chainOf(entry).every(function (at) { return at.length <= LISTED })
  function ask (what, question) {
    run.perform(what, entry.name, question, why)
  }
  ask('hasExternalData', function () { return smalloc.hasExternalData(object) })
  ask('elements', function () { return elementsOf(entry) })
  if (entry.isForeign) return
  ask('past the end', function () { return [object[entry.length], entry.length in object] })
  ask('in', function () { return [0 in object, entry.length - 1 in object, 1000000 in object] })
  ask('odd keys', function () { return ['-1', '1.5', '01', 'x', '4294967296'].map(function (key) { return [object[key], key in object] }) })
  ask('own', function () { return [own.call(object, 0), own.call(object, entry.length), own.call(object, 'x')] })
  ask('extensible', function () { return Object.isExtensible(object) })
  if (!isListed) return
  ask('keys', function () { return Object.keys(object).join() })
  ask('for-in', function () {
    var keys = []
    for (var key in object) keys.push(key)
    return keys.sort().join()
  })
  ask('JSON', function () { return JSON.stringify(object) })
  if (entry.length <= 100 && inspected.indexOf(entry.shape) >= 0 && !entry.isMoved) {
    ask('inspect', function () { return inspect(object, { depth: 0 }).replace(/\s+/g, ' ') })
  }
}

function play (sequence) {
  var run = new Sequence()
  sequence.forEach(function (step) {
    if (step.type === 'same') step.type = run.type
    else if (sizes[step.type] !== undefined) run.type = step.type
    run.touched = []
    try {
      steps[step.do](run, step)
    } catch (error) {
      if (!(error instanceof Avoided)) throw error
      if (error.id !== undefined) run.facts.push({ avoided: error.id })
      return
    }
    run.touched.forEach(function (entry) { run.observe(entry) })
  })
  run.held.forEach(function (entry) { run.observe(entry) })
  return run.facts
}

var input = ''
process.stdin.setEncoding('utf8')
process.stdin.on('data', function (text) {
  var lines = (input + text).split('\n')
  input = lines.pop()
  lines.forEach(function (line) {
    process.stdout.write(JSON.stringify(play(JSON.parse(line))) + '\n')
  })
})
