'use strict'

// npm run demo: the examples that show what the package is for, one after the other.

const { spawnSync } = require('node:child_process')
const path = require('node:path')

const examples = [
  ['page.js', 'The examples of Node 0.12\'s page'],
  ['buffer-like.js', 'A Buffer-like class reads a file and counts its bytes'],
  ['frame-loop.js', 'A loop over frames of 16 MiB, with and without dispose']
]

for (const [file, title] of examples) {
  console.log(`\n=== ${title} (examples/${file})\n`)
  const { status } = spawnSync(process.execPath, [path.join(__dirname, file)], { stdio: 'inherit' })
  if (status !== 0) {
    console.error(`examples/${file} failed`)
    process.exit(1)
  }
}
