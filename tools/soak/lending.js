'use strict'

// What Rust lends to the main thread in one turn of the event loop: no more than the budget of src/budget.rs.

const { isMainThread } = require('node:worker_threads')
const { alloc, allocUnsafe, dispose, memoryUsage } = require('../..')
const { mayLend } = require('../../lib/native/binding')
const { MiB } = require('../bench/units')

const BUDGET_BYTES = 256 * MiB
const BUDGET_LOANS = 128 << 10

/** Too long for the cache of JavaScript (LONGEST_LENT_BYTES). So each allocation is a new loan. */
const LENT_ANEW_BYTES = 5 * MiB

/** Rust must have lent something to a sequence that holds so much. */
const MUCH_BYTES = 200 * MiB

const lends = isMainThread && mayLend

/** Looks at what has been lent since a turn of the event loop began. */
class Lending {
  #before = 0

  turned () {
    if (isMainThread) this.#before = memoryUsage().bytes
  }

  check (heldBytes) {
    if (!isMainThread) return
    const { bytes } = memoryUsage()
    if (bytes - this.#before > BUDGET_BYTES) throw new Error(`Rust has lent ${bytes - this.#before} bytes in one turn`)
    if (lends && heldBytes >= MUCH_BYTES && bytes === 0) throw new Error('Rust has lent nothing')
  }
}

/** Begins more loans than there may be in one turn, each of them disposed at once. `beat` is called now and then. */
function burstOfLoans (beat) {
  if (!lends) return
  for (let loan = 0; loan < BUDGET_LOANS + 1000; loan++) {
    const object = allocUnsafe(LENT_ANEW_BYTES)
    object[loan % LENT_ANEW_BYTES] = loan
    dispose(object)
    if (loan % 1000 === 0) beat()
  }
  const before = memoryUsage().blocks
  const object = alloc(LENT_ANEW_BYTES)
  const lent = memoryUsage().blocks - before
  dispose(object)
  if (lent !== 0) throw new Error(`Rust has lent a block after ${BUDGET_LOANS} in the same turn`)
}

module.exports = { BUDGET_BYTES, BUDGET_LOANS, LENT_ANEW_BYTES, Lending, burstOfLoans }
