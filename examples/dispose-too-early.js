'use strict'

// A file is read into memory that is disposed meanwhile, and the memory of its length allocated anew. Prints how many bytes
// the read has put there, and how it ended.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { alloc, dispose, view } = require('..')

const LENGTH = 4096
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-'))
const pipe = path.join(folder, 'pipe')
execFileSync('mkfifo', [pipe])
const fd = fs.openSync(pipe, fs.constants.O_RDWR) // which waits for nobody

const early = alloc(LENGTH)
fs.read(fd, view(early), 0, LENGTH, null, (error) => {
  const wrong = view(others).reduce((count, byte) => count + (byte === 0 ? 0 : 1), 0)
  console.log(JSON.stringify({ wrong, code: error?.code ?? null }))
  fs.rmSync(folder, { recursive: true })
})
let others
// The read must have begun, in a thread of the pool: it then waits for what comes below.
setTimeout(() => {
  dispose(early)
  others = alloc(LENGTH)
  fs.writeSync(fd, Buffer.alloc(LENGTH, 0x7f))
}, 100)
