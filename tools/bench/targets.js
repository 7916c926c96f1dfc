'use strict'

// The targets as a table: work | against | at most | measured ratio | ok.
//
//   node tools/bench/targets.js [--quick] [--check] [--only TEXT] [--node PATH]

const { parseArgs } = require('node:util')
const { answerOf } = require('./children')
const { summary } = require('./measure')
const { missingNeeds, node012 } = require('./needs')
const { endProgress, progress } = require('./progress')
const { rows } = require('./rows')
const { timeName } = require('./sizes')
const { formatTable } = require('./tables')

/**
 * A batch takes about `milliseconds`, the last one of the warm-up `warmUp`, at least. Where memory is left to the
 * collector a batch allocates 512 MiB over `divisor`. Work that needs new processes gets `processRounds` of them a
 * side.
 */
const THOROUGH = { rounds: 21, milliseconds: 20, warmUp: 50, divisor: 1, processRounds: 7 }
const QUICK = { rounds: 3, milliseconds: 4, warmUp: 15, divisor: 4, processRounds: 2 }

/** Measures the rows whose work or peer contains `only`. */
async function measureTargets ({ node, quick, only = '' }) {
  const settings = quick ? QUICK : THOROUGH
  const wanted = rows.filter((row) => `${row.work} | ${row.against}`.includes(only))
  const missing = await missingNeeds(node, wanted)
  const results = []
  for (const [index, row] of wanted.entries()) {
    const { work, against, atMost } = row
    progress(`target ${index + 1} of ${wanted.length}: ${work}`)
    const lacking = missing[row.needs]
    if (lacking) results.push({ work, against, atMost, notRun: lacking })
    else results.push({ work, against, atMost, ...await measure(row, node, settings) })
  }
  return results
}

function measure (row, node, settings) {
  if (row.processes) return measureProcesses(row, node, settings)
  return answerOf(node, 'pair.js', [rows.indexOf(row), JSON.stringify(settings)])
}

/** New processes of both sides, in turn. */
async function measureProcesses (row, node, { processRounds, milliseconds }) {
  const nodes = { ours: node, theirs: row.needs === 'node012' ? await node012() : node }
  const times = { ours: [], theirs: [] }
  for (let round = 0; round < processRounds; round++) {
    for (const side of round % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours']) {
      times[side].push(await answerOf(nodes[side], row.processes, [side, row.work, milliseconds]))
    }
  }
  return summary(times.ours, times.theirs)
}

const isOver = ({ ratio, atMost }) => ratio > atMost

function formatTargets (results) {
  const lines = results.map((result) => [
    result.work,
    result.against,
    result.atMost.toFixed(2),
    ...(result.notRun
      ? ['-', '-', '-', `not run: ${result.notRun}`]
      : [result.ratio.toFixed(3), timeName(result.ours), timeName(result.theirs), isOver(result) ? 'OVER' : 'ok'])
  ])
  return formatTable(['work', 'against', 'at most', 'measured', 'here', 'there', 'ok'], lines)
}

async function main () {
  const { values: { node, quick, check, only } } = parseArgs({
    options: {
      node: { type: 'string', default: process.execPath },
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      only: { type: 'string' }
    }
  })
  const results = await measureTargets({ node, quick, only })
  endProgress()
  console.log(formatTargets(results))
  if (check && results.some(isOver)) process.exitCode = 1
}

if (require.main === module) main()

module.exports = { measureTargets, formatTargets }
