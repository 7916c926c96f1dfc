'use strict'

// `mocha --require` this file, and all memory comes from the engine, in child processes, too. It works on every system, as a
// variable before the command does not.

process.env.SMALLOC_ENGINE_MEMORY = '1'
