'use strict'

// Replaces one shared property after the other by what argv[2] names, and runs the scenario each time. argv[3] says when:
// `after` the module is loaded, or `before`, with a new copy of the module each time. Prints `{ replaced, failures, spoilt }`:
// how many were replaced; what was wrong (with `before` only what was wrong later, because that copy may be broken); how many
// bytes of another allocation have changed.

const fs = require('node:fs')
const path = require('node:path')
const { builtinProperties } = require('../builtins')
const { shareOf } = require('../long')
const { scenarioOf } = require('../scenario')

const [kind, moment] = process.argv.slice(2)
const root = path.join(__dirname, '..', '..', '..')
const smalloc = require(root)
const canary = smalloc.alloc(140 << 10)
for (let i = 0; i < 140 << 10; i++) canary[i] = i
canary.done = true // so that an iterator that returns it ends
const { defineProperty } = Reflect
const { writeSync } = fs
const stringify = JSON.stringify

/** What stands in a builtin's place. Each can also be called with `new`. */
const kinds = {
  throws: function () { throw new Error('tampered with') },
  'does nothing': function () {},
  'returns true': function () { return true },
  'returns a large number': function () { return 1e9 },
  'returns its this': function () { return this },
  'returns another allocation': function () { return canary }
}

/** Puts the replacement there; returns a function that takes it off again, or undefined where it cannot be put. */
function replace ({ holder, key, descriptor }) {
  const field = descriptor.get === undefined ? 'value' : 'get'
  try {
    if (!defineProperty(holder, key, { __proto__: null, ...descriptor, [field]: kinds[kind] })) return undefined
  } catch (error) {
    return undefined // the length of an Array takes no function
  }
  return () => { defineProperty(holder, key, descriptor) }
}

/** All modules but the addon, which uses no builtin while it is loaded. */
function forget () {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(path.join(root, 'lib')) || file === path.join(root, 'index.js')) delete require.cache[file]
  }
}

const healthy = scenarioOf(smalloc)
const failures = []
// To load the module is slow, so properties that loading never uses are left out.
const properties = moment === 'after'
  ? builtinProperties()
  : builtinProperties().filter(({ path }) => !/^(Date|Promise|BigInt|DataView|Atomics|%Async|Math\.[a-eg-z])/.test(path))
let replaced = 0
const names = Object.keys(kinds)
for (const property of shareOf(properties, names.indexOf(kind), names.length)) {
  if (process.env.VERBOSE) writeSync(2, `${property.path}\n`)
  if (moment === 'before') forget()
  const back = replace(property)
  if (back === undefined) continue
  replaced++
  let wrong
  try {
    wrong = moment === 'before' ? scenarioOf(require(root))() : healthy()
  } catch (error) {
    wrong = 'threw'
  }
  back()
  const later = moment === 'after' || replaced % 16 === 0 ? healthy() : ''
  if (moment === 'after' && wrong !== '') failures.push({ path: property.path, wrong })
  if (later !== '') failures.push({ path: property.path, later })
}
const last = healthy()
if (last !== '') failures.push({ later: last })
let spoilt = 0
for (let i = 0; i < 140 << 10; i++) if (canary[i] !== (i & 255)) spoilt++
writeSync(1, stringify({ replaced, failures, spoilt }))
