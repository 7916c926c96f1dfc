'use strict'

// Flaws on purpose in a Node.js process, which tools/check-memory.sh must see reported:
//
//   node tests/flaws/addon.js <addon> <flaw>

const path = require('node:path')

const [addon, flaw] = process.argv.slice(2)
const native = require(path.resolve(addon))

const SIZE = 1 << 20

const flaws = {
  'reads memory that is freed': () => native.readMemoryThatIsFreed(),
  'writes past the end of memory': () => native.writePastTheEndOfMemory(),
  leaks: () => native.leak(),
  // What these two do is done by the engine's own code, of which a sanitizer knows nothing.
  'JavaScript writes to a block that is given back': () => { new Uint8Array(native.lendWhatIsGivenBack(SIZE))[0] = 1 },
  'JavaScript writes past the end of a block': () => { new Uint8Array(native.lendTooMuch(SIZE))[SIZE] = 1 }
}

flaws[flaw]()
console.log('went unseen by the time it was done')
