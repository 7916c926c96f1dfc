'use strict'

// Flaws on purpose in a Node.js process, of an addon that has src/testing/flaws.rs. A memory checker must report each: see
// tools/check-memory.sh.
//
//   node tests/flaws.js <addon> <flaw>

const path = require('node:path')

const [addon, flaw] = process.argv.slice(2)
const native = require(path.resolve(addon))

const BLOCK_BYTES = 1 << 20

const flaws = {
  'reads memory that is freed': () => native.readMemoryThatIsFreed(),
  'writes past the end of memory': () => native.writePastTheEndOfMemory(),
  leaks: () => native.leak(),
  // In these two the engine's own code touches the memory. A sanitizer does not see that code; the guard does.
  'JavaScript writes to a block that is given back': () => { new Uint8Array(native.lendWhatIsGivenBack(BLOCK_BYTES))[0] = 1 },
  'JavaScript writes past the end of a block': () => { new Uint8Array(native.lendTooMuch(BLOCK_BYTES))[BLOCK_BYTES] = 1 }
}

flaws[flaw]()
console.log('nothing has reported the flaw')
