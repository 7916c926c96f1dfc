'use strict'

// npm run demo: the examples that show what the package is for, one after the other, and what to look at in each.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const MiB = 2 ** 20
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-demo-'))
const large = path.join(folder, '256-MiB')

const examples = [
  { args: ['page.js'], title: 'The examples of Node 0.12\'s page', lookAt: 'the objects have elements, and none after dispose' },
  { args: ['buffer-like.js'], title: 'A Buffer-like class reads a file', lookAt: 'elements of a class of your own' },
  { args: ['frame-loop.js'], title: 'A loop over frames of 16 MiB', lookAt: 'resident memory, beside that of Buffers' },
  { args: ['file-hasher.js', large, 'free'], title: 'A file hashed, its chunks freed by disposeBuffer', lookAt: 'the last line' },
  { args: ['file-hasher.js', large, 'keep'], title: 'The same, its chunks left to the collector', lookAt: 'the last line' },
  { args: ['frame-pool.js', '100', '4'], title: 'Frames through a pool of workers', lookAt: 'frames a second, and resident memory' }
]

function writeLarge () {
  const chunk = Buffer.alloc(MiB, 'smalloc')
  for (let i = 0; i < 256; i++) fs.appendFileSync(large, chunk)
}

try {
  writeLarge()
  for (const { args: [file, ...rest], title, lookAt } of examples) {
    console.log(`\n=== ${title} (examples/${file}). Look at: ${lookAt}\n`)
    const { status } = spawnSync(process.execPath, [path.join(__dirname, file), ...rest], { stdio: 'inherit' })
    if (status !== 0) throw new Error(`examples/${file} failed`)
  }
} finally {
  fs.rmSync(folder, { recursive: true })
}
