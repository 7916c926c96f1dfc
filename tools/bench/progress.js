'use strict'

/** Says on stderr what is under way: on one line of a terminal, or on a line each. */
function progress (text) {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`)
}

/** Leaves the line of a terminal to what is printed next. */
function endProgress () {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
}

module.exports = { progress, endProgress }
