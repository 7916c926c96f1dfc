'use strict'

// Each figure comes from a program that runs in a process of its own.

const { execFile } = require('node:child_process')
const path = require('node:path')
const { promisify } = require('node:util')

const OPTIONS = { timeout: 300_000, maxBuffer: 64 << 20 }

/** What `node` prints as JSON. */
const outputOf = async (node, args) => JSON.parse((await promisify(execFile)(node, args, OPTIONS)).stdout)

/** The same of `program`, a file of this folder. */
const answerOf = (node, [program, ...args]) => outputOf(node, ['--expose-gc', path.join(__dirname, program), ...args.map(String)])

const versionsOf = (node) => outputOf(node, ['-p', 'JSON.stringify(process.versions)'])

module.exports = { answerOf, versionsOf }
