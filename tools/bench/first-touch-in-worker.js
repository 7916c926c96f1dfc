'use strict'

// What first-touch.js prints, in a worker.

const path = require('node:path')
const { Worker } = require('node:worker_threads')

new Worker(path.join(__dirname, 'first-touch.js'), { argv: process.argv.slice(2) })
