'use strict'

// Keeps three allocations, disposes one, and drops five. Prints the report, and how the warnings read.

const { alloc, dispose, External, report } = require('../../..')

const warnings = []
process.on('warning', ({ code, message }) => warnings.push({ code, message }))

function drop () {
  alloc(5000)
}

function keep () {
  return alloc(1000)
}

for (let i = 0; i < 5; i++) drop()
dispose(alloc(300))
globalThis.kept = [keep(), keep(), new External(64)]

function look () {
  globalThis.gc()
  const now = report()
  if (now.undisposed[0]?.count !== 5) return setTimeout(look, 10)
  console.log(JSON.stringify({ ...now, text: `${now}`, warnings }))
}
setTimeout(look, 10)
