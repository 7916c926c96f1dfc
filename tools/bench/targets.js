'use strict'

// The targets as a table: work | against | at most | measured ratio | ok.
//
//   node tools/bench/targets.js [--quick] [--check] [--only TEXT] [--node PATH]

const { parseArgs } = require('node:util')
const { answerOf, findNode } = require('./child')
const { rows } = require('./rows')
const { summary, timeName } = require('./units')
const { formatTable } = require('../table')

/**
 * A batch takes about `milliseconds`, the last one of the warm-up `warmUp`, at least. Where memory is left to the collector a
 * batch allocates 512 MiB over `divisor`. A row with a program gets `processRounds` processes a side.
 */
const THOROUGH = { rounds: 21, milliseconds: 20, warmUp: 50, divisor: 1, processRounds: 7 }
const QUICK = { rounds: 3, milliseconds: 4, warmUp: 15, divisor: 4, processRounds: 2 }

/** Measures the rows whose work or peer contains `only`. */
async function measureTargets ({ node, quick, only = '' }) {
  const wanted = rows.filter((row) => `${row.work} | ${row.against}`.includes(only))
  const results = []
  for (const [index, row] of wanted.entries()) {
    const { work, against, atMost } = row
    console.error(`target ${index + 1} of ${wanted.length}: ${work}`)
    results.push({ work, against, atMost, ...await measure(row, node, quick ? QUICK : THOROUGH) })
  }
  return results
}

async function measure (row, node, settings) {
  const { theirs, notRun } = await findNode(node, row.needs)
  if (notRun !== undefined) return { notRun }
  if (row.sides) return answerOf(node, ['measure.js', 'row', rows.indexOf(row), JSON.stringify(settings)])
  const times = { ours: [], theirs: [] }
  for (let round = 0; round < settings.processRounds; round++) {
    for (const side of round % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours']) {
      times[side].push(await answerOf({ ours: node, theirs }[side], row.program(side, settings.milliseconds)))
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
      quick: { type: 'boolean' },
      check: { type: 'boolean' },
      only: { type: 'string' }
    }
  })
  const results = await measureTargets({ node, quick, only })
  console.log(formatTargets(results))
  if (check && results.some(isOver)) process.exitCode = 1
}

if (require.main === module) main()

module.exports = { measureTargets, formatTargets }
