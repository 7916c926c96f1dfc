'use strict'

// The benchmark. rows.js says what is measured, and where each figure comes from. Prints tables, writes the figures to results/
// and draws the charts in docs/charts/.
//
//   npm run bench -- [--quick] [--node PATH] [--rows TEXT]
//
// --quick is less exact, and only prints. So does --rows, which measures only the rows that contain TEXT; '' is in all.

const { writeFileSync } = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { drawCharts } = require('./charts')
const { answerOf, versionsOf } = require('./child')
const { charts, rows } = require('./rows')
const { median, MiB, sizeName, timeName } = require('./units')
const { fetchNode } = require('../fetch-package')
const { formatTable } = require('../table')

/**
 * Of a row: a batch takes about `milliseconds`, the last one of the warm-up at least `warmUp`. Where memory is left to the
 * collector, a batch allocates at least `collectedBytes`. A row of programs gets `processes` a side.
 */
const ROW = { rounds: 21, milliseconds: 20, warmUp: 50, collectedBytes: 512 * MiB, processes: 7 }
const QUICK_ROW = { rounds: 3, milliseconds: 4, warmUp: 15, collectedBytes: 128 * MiB, processes: 2 }

/** Of a chart: each line takes about `milliseconds` for a size, in each round. Every so many sizes (`step`) are measured. */
const CHART = { rounds: 5, milliseconds: 200, step: 1, frames: 360 }
const QUICK_CHART = { rounds: 2, milliseconds: 20, step: 2, frames: 90 }

const FRAME_LOOPS = {
  dispose: 'smalloc, disposed',
  collect: 'smalloc, left to the collector',
  buffer: 'Buffer.alloc, left to the collector'
}

/** The Node that runs what `needs` this, and the reason if there is none. */
async function findNode (node, needs) {
  if (needs === 'transfer' && parseInt((await versionsOf(node)).node) < 22) return { notRun: 'this Node has no ArrayBuffer.prototype.transfer' }
  if (needs !== 'node012') return { theirs: node }
  try {
    return { theirs: fetchNode('0.12.18') }
  } catch (error) {
    return { notRun: error.message }
  }
}

async function measureRows (node, settings, text) {
  const wanted = rows.filter((row) => `${row.work} | ${row.against}`.includes(text))
  const results = []
  for (const [index, row] of wanted.entries()) {
    const { work, against, atMost } = row
    console.error(`row ${index + 1} of ${wanted.length}: ${work}`)
    results.push({ work, against, atMost, ...await measureRow(row, node, settings) })
  }
  return results
}

async function measureRow (row, node, settings) {
  const { theirs, notRun } = await findNode(node, row.needs)
  if (notRun) return { notRun }
  const [ours, others] = row.sides
    ? await answerOf(node, ['measure.js', 'rows', rows.indexOf(row), JSON.stringify(settings)])
    : await timesOfPrograms(row, { ours: node, theirs }, settings)
  // Times at the same place are neighbours.
  return { ratio: median(ours.map((time, round) => time / others[round])), ours: median(ours), theirs: median(others) }
}

async function timesOfPrograms ({ program }, nodes, { processes, milliseconds }) {
  const times = { ours: [], theirs: [] }
  for (let round = 0; round < processes; round++) {
    for (const side of round % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours']) {
      times[side].push(await answerOf(nodes[side], program(side, milliseconds)))
    }
  }
  return [times.ours, times.theirs]
}

/** By line, the median time of each size. The lines take turns: a machine that drifts hurts all alike. */
async function measureChart (kind, node, { rounds, step, milliseconds }) {
  const sizes = charts[kind].sizes.filter((_, place) => place % step === 0)
  const lines = []
  for (const { name, needs } of charts[kind].lines) lines.push({ name, times: [], ...await findNode(node, needs) })
  for (let round = 1; round <= rounds; round++) {
    for (const [number, { name, times, theirs }] of lines.entries()) {
      if (!theirs) continue
      console.error(`${kind}, round ${round} of ${rounds}: ${name}`)
      times.push(await timesOfLine(kind, number, theirs, { sizes, milliseconds }))
    }
  }
  const medianTimes = (times) => sizes.map((_, place) => median(times.map((ofRound) => ofRound[place])))
  return { sizes, lines: lines.map(({ name, times, notRun }) => notRun ? { name, notRun } : { name, nanoseconds: medianTimes(times) }) }
}

async function timesOfLine (kind, number, node, { sizes, milliseconds }) {
  const { program } = charts[kind].lines[number]
  if (!program) return answerOf(node, ['measure.js', kind, number, JSON.stringify({ sizes, milliseconds })])
  const times = []
  for (const size of sizes) times.push(await answerOf(node, program(size, milliseconds)))
  return times
}

async function measureFrameLoops (node, { frames }) {
  const results = []
  for (const [loop, name] of Object.entries(FRAME_LOOPS)) {
    console.error(`frame loop: ${name}`)
    results.push({ name, resident: await answerOf(node, ['frame-loop.js', loop, frames]) })
  }
  return results
}

function formatRows (results) {
  return formatTable(['work', 'against', 'at most', 'measured', 'here', 'there', 'ok'], results.map((result) => {
    const { work, against, atMost, ratio, ours, theirs, notRun } = result
    const figures = notRun ? ['-', '-', '-', `not run: ${notRun}`]
      : [ratio.toFixed(3), timeName(ours), timeName(theirs), ratio > atMost ? 'OVER' : 'ok']
    return [work, against, atMost.toFixed(2), ...figures]
  }))
}

/** The time of the first line at each size, and its ratio to that of each other; below 1 it is faster. */
function formatChart ({ sizes, lines: [ours, ...others] }) {
  return formatTable(['size', ours.name, ...others.map(({ name }) => `to ${name}`)], sizes.map((size, place) => {
    const time = ours.nanoseconds[place]
    return [sizeName(size), timeName(time), ...others.map(({ nanoseconds }) => nanoseconds ? (time / nanoseconds[place]).toFixed(3) : 'not run')]
  }))
}

function formatFrameLoops (loops) {
  return formatTable(['loop', 'frames', 'mean', 'peak'], loops.map(({ name, resident }) => {
    const mean = resident.reduce((sum, mebibytes) => sum + mebibytes) / resident.length
    return [name, resident.length, `${mean.toFixed(0)} MiB`, `${Math.max(...resident)} MiB`]
  }))
}

/** With what holds nothing but figures on one line each. */
function save (results) {
  const round = (_, value) => typeof value === 'number' ? Number(value.toPrecision(4)) : value
  const text = JSON.stringify(results, round, 2).replace(/\[[\s\d.,e+-]+\]|\{(?:[^[\]{}]|\{\})+\}/g, (list) => list.replace(/\s+/g, ' ')) + '\n'
  const file = path.join(__dirname, 'results', `v${results.versions.node}.json`)
  writeFileSync(file, text)
  drawCharts(results)
  console.log(`\nwrote ${file}, and the charts in docs/charts/`)
}

async function main () {
  const { values: { node, quick, rows: text } } = parseArgs({
    options: { node: { type: 'string', default: process.execPath }, quick: { type: 'boolean' }, rows: { type: 'string' } }
  })
  const rowSettings = quick ? QUICK_ROW : ROW
  if (text !== undefined) return console.log(formatRows(await measureRows(node, rowSettings, text)))
  const settings = quick ? QUICK_CHART : CHART
  const [{ model }, { length: cores }] = [os.cpus()[0], os.cpus()]
  const versions = await versionsOf(node)
  const results = {
    date: new Date().toISOString(),
    machine: { cpu: model.trim(), cores, memoryMiB: Math.round(os.totalmem() / MiB), system: `${os.type()} ${os.release()} ${os.arch()}` },
    versions: { smalloc: require('../../package.json').version, node: versions.node, v8: versions.v8 },
    frameLoop: await measureFrameLoops(node, settings)
  }
  console.log(`Node ${versions.node}, ${Object.values(results.machine).join(', ')}`)
  console.log(`\nresident memory in a loop over frames of 16 MiB\n\n${formatFrameLoops(results.frameLoop)}`)
  for (const kind of Object.keys(charts)) {
    results[kind] = await measureChart(kind, node, settings)
    console.log(`\n${charts[kind].title}: the time here, and its ratio to that of the others\n\n${formatChart(results[kind])}`)
  }
  results.rows = await measureRows(node, rowSettings, '')
  console.log(`\nrows\n\n${formatRows(results.rows)}`)
  if (!quick) save(results)
}

main()
