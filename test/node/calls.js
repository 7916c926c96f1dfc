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
for (const file of files) {
  for (const [name, call] of Object.entries(file.calls)) {
    calls[name] = { bytes: something, isThere: isThere(name), ...typeof call === 'function' ? { run: call } : call }
  }
}

/** The function that a call such as 'fs.promises.open().read(a)' begins with: 'fs.promises.open'. */
function functionOf (name) {
  return /^[\w./]+/.exec(name)[0]
}

/** Whether the runtime has it; a method may be that of instances. */
function isThere (name) {
  const steps = functionOf(name).split('.')
  const last = steps.pop()
  const holder = steps.slice(1).reduce((object, step) => object?.[step], modules[steps[0]])
  return holder !== undefined && (last in holder || last in (holder.prototype ?? {}))
}

module.exports = { calls, modules, takesNoView, functionOf }
