'use strict'

// Runs a tool of this package with all memory from the engine: node tools/engine-memory.js mocha [argument...]

const { spawnSync } = require('node:child_process')
const path = require('node:path')

const [tool, ...args] = process.argv.slice(2)
const command = path.join(__dirname, '..', 'node_modules', '.bin', tool)
const env = { ...process.env, SMALLOC_ENGINE_MEMORY: '1' }
const { status } = spawnSync(command, args, { stdio: 'inherit', env, shell: process.platform === 'win32' })
process.exitCode = status ?? 1
