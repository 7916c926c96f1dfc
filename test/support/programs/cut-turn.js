'use strict'

// Has node:vm end the first allocation of a block while it asks for the next turn of the event loop. Prints how many of the
// blocks of two later turns Rust has lent; more than the budget of a turn are asked for in each.

const timers = require('node:timers')
const vm = require('node:vm')

const MiB = 2 ** 20
const { setImmediate } = timers
let isFirst = true
timers.setImmediate = (...args) => {
  for (; isFirst;);
  return setImmediate(...args)
}
const { alloc, memoryUsage } = require('../../..')

globalThis.alloc = alloc
try {
  vm.runInThisContext(`alloc(${MiB})`, { timeout: 20 })
} catch ({ code }) {
  if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw code
}
isFirst = false

const held = []
function lentInATurn () {
  const before = memoryUsage().blocks
  for (let count = 0; count < 300; count++) held.push(alloc(MiB)) // what came back could be lent again
  return memoryUsage().blocks - before
}

const first = lentInATurn()
setTimeout(() => console.log(JSON.stringify([first, lentInATurn()])), 20)
