'use strict'

const { calls, functionOf, modules, takesNoView } = require('./calls')

/** The functions that are exported and that nothing is said about. */
function missing () {
  const known = new Set(Object.keys(calls).map(functionOf).flatMap(beginnings))
  for (const [module, names] of Object.entries(takesNoView)) {
    for (const name of names.split(/\s+/)) known.add(`${module}.${name}`)
  }
  return Object.keys(takesNoView).flatMap((module) => functionsOf(module)).filter((name) => !known.has(name))
}

/** Of 'fs.promises.open': itself, 'fs.promises' and 'fs'. */
const beginnings = (name) => name.split('.').map((_, index, steps) => steps.slice(0, index + 1).join('.'))

/** Not those behind a getter: they are deprecated, or said elsewhere. */
function functionsOf (module) {
  const exported = modules[module] ?? {}
  const holders = /crypto/.test(module) ? [exported, Object.getPrototypeOf(exported)] : [exported]
  return holders.filter((holder) => holder !== Object.prototype).flatMap((holder) => Object.entries(Object.getOwnPropertyDescriptors(holder)))
    .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
    .map(([name]) => `${module}.${name}`)
}

module.exports = { missing }
