'use strict'

// Preloaded where an emulator runs Node.js: what the tests start as a child is then the script that runs the emulator.

if (process.env.SMALLOC_EXEC_PATH) process.execPath = process.env.SMALLOC_EXEC_PATH
