'use strict'

// Memory is disposed while a thread of crypto's fills it.

const { randomFill } = require('node:crypto')
const { alloc, dispose, view } = require('../../..')

const early = alloc(64 << 20)
randomFill(view(early), () => console.log('done'))
dispose(early)
setTimeout(() => {}, 10_000).unref()
