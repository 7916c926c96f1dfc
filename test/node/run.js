'use strict'

//   node run.js <kind> [call...]      (default: all calls)
//
// Makes the calls with an object of the kind, one after the other. Prints a line for each before it begins, and one with its
// outcome: when a call ends the process, the last line names it.

const fs = require('node:fs')
const { calls } = require('./calls')
const { outcomeOf } = require('./outcome')

async function main (kind, names) {
  process.emitWarning = () => {}
  for (const name of names) {
    say({ begins: name })
    say({ name, ...await outcomeOf(calls[name], kind) })
  }
  say({ ends: true })
  process.exit()
}

/** Is with the reader when it returns. */
function say (message) {
  fs.writeSync(1, `${JSON.stringify(message)}\n`)
}

const [kind, ...names] = process.argv.slice(2)
main(kind, names.length === 0 ? Object.keys(calls) : names).catch((error) => {
  console.error(error)
  process.exit(1)
})
