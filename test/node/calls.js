'use strict'

// All calls of apis/, by name: `{ bytes, random, run, isThere }`.

const fs = require('node:fs')
const path = require('node:path')
const { something } = require('./tools')

const folder = path.join(__dirname, 'apis')
const files = fs.readdirSync(folder).sort().map((file) => require(path.join(folder, file)))

const modules = Object.assign({}, ...files.map(({ modules }) => modules))
const takesNoView = Object.assign({}, ...files.map(({ takesNoView }) => takesNoView))

const calls = {}
for (const [name, call] of Object.entries(Object.assign({}, ...files.map(({ calls }) => calls)))) {
  calls[name] = { bytes: something, isThere: isThere(name), ...typeof call === 'function' ? { run: call } : call }
}

/** The function that a call such as 'fs.promises.open().read(a)' begins with, as steps: 'fs', 'promises', 'open'. */
function stepsOf (name) {
  return /^[\w./]+/.exec(name)[0].split('.')
}

/** Whether the runtime has it; a method may be that of instances. */
function isThere (name) {
  const [module, ...steps] = stepsOf(name)
  const last = steps.pop()
  const holder = steps.reduce((object, step) => object?.[step], modules[module])
  return holder !== undefined && (last in holder || last in (holder.prototype ?? {}))
}

/** The functions that the modules export, which no call begins with and which are not known to take no view. */
function missing () {
  const known = new Set()
  for (const name of Object.keys(calls)) stepsOf(name).forEach((_, index, steps) => known.add(steps.slice(0, index + 1).join('.')))
  for (const [module, names] of Object.entries(takesNoView)) {
    for (const name of names.split(/\s+/)) known.add(`${module}.${name}`)
  }
  return Object.keys(takesNoView).flatMap(functionsOf).filter((name) => !known.has(name))
}

/** Without those behind a getter: they are deprecated, or said elsewhere. */
function functionsOf (module) {
  const exported = modules[module] ?? {}
  const holders = /crypto/.test(module) ? [exported, Object.getPrototypeOf(exported)] : [exported]
  return holders.filter((holder) => holder !== Object.prototype)
    .flatMap((holder) => Object.entries(Object.getOwnPropertyDescriptors(holder)))
    .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
    .map(([name]) => `${module}.${name}`)
}

module.exports = { calls, missing }
