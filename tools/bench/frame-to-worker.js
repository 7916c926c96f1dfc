'use strict'

// The row for a frame that goes to a worker: `ours` releases it, `theirs` has it copied. See frames-to-worker.js.

const { MiB } = require('./sizes')
const { answerOf } = require('./children')

const WAYS = { ours: 'release', theirs: 'copy' }

const [side, , milliseconds] = process.argv.slice(2)
answerOf(process.execPath, 'frames-to-worker.js', [WAYS[side], 4 * MiB, 10 * milliseconds]).then((time) => console.log(time))
