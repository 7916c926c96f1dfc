'use strict'

//   node run.js <kind> [call...]      (default: all calls)
//
// Makes the calls with an object of the kind, one after the other. Prints a line for each before it begins, and one with its
// outcome: when a call ends the process, the last line names it.

const fs = require('node:fs')
const { calls } = require('./calls')
const { outcomeOf } = require('./outcome')

process.emitWarning = () => {}

async function main (kind, names) {
  for (const [name, call] of Object.entries(calls)) {
    if (names.length > 0 && !names.includes(name)) continue
    say({ begins: name })
    say({ name, ...call.isThere ? await outcomeOf(call, kind) : { outcome: 'absent' } })
  }
  say({ ends: true })
  process.exit()
}

/** Is with the reader when it returns. */
function say (message) {
  fs.writeSync(1, `${JSON.stringify(message)}\n`)
}

main(process.argv[2], process.argv.slice(3)).catch((error) => {
  console.error(error)
  process.exit(1)
})
