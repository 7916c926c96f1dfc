'use strict'

const fs = require('node:fs')

/**
 * Ends the process at once, whatever its threads are at. process.exit() may never return: Node 24 waits there for the
 * compiler threads of V8, and these for the main thread to collect garbage (nodejs/node#54918; one in 30 here).
 */
function fail (message) {
  fs.writeSync(2, `${message}\n`)
  process.kill(process.pid, 'SIGKILL')
}

module.exports = { fail }
