'use strict'

// Each figure comes from a program that runs in a process of its own. Some need a certain Node.

const { execFile } = require('node:child_process')
const path = require('node:path')
const { promisify } = require('node:util')
const { fetchNode } = require('../fetch-package')

const TIMEOUT_MS = 300_000

async function outputOf (node, args) {
  const { stdout } = await promisify(execFile)(node, args, { timeout: TIMEOUT_MS, maxBuffer: 64 << 20 })
  return JSON.parse(stdout)
}

/** What `program` (a file of this folder) prints as JSON if `node` runs it. */
const answerOf = (node, [program, ...args]) => outputOf(node, ['--expose-gc', path.join(__dirname, program), ...args.map(String)])

const versionsOf = (node) => outputOf(node, ['-p', 'JSON.stringify(process.versions)'])

/** By need of rows or peers: throws if `node` does not meet it, or returns the Node that runs the other side. */
const needs = {
  async transfer (node) {
    const isThere = await outputOf(node, ['-p', '"transfer" in ArrayBuffer.prototype'])
    if (!isThere) throw new Error('this Node has no ArrayBuffer.prototype.transfer')
    return node
  },
  /** Node 0.12.18, which has smalloc built in. */
  async node012 () {
    if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('Node 0.12.18 is fetched for Linux on x64 only')
    const original = fetchNode('0.12.18')
    await outputOf(original, ['-p', 'require("smalloc").alloc(1)[0] * 0'])
    return original
  }
}

/** `{ theirs }`, the Node that runs the other side, or `{ notRun }`, the reason why none can. */
async function findNode (node, need) {
  try {
    return { theirs: need === undefined ? node : await needs[need](node) }
  } catch (error) {
    return { notRun: error.message }
  }
}

module.exports = { answerOf, findNode, versionsOf }
