'use strict'

// The benchmark. rows.js says what is measured, and where each figure comes from. Prints tables, writes the figures to results/
// and draws the charts in docs/charts/; --quick only prints.
//
//   npm run bench -- [--quick] [--node PATH]

const { mkdirSync, writeFileSync } = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { drawCharts } = require('./charts')
const { answerOf, findNode, versionsOf } = require('./child')
const { peers } = require('./rows')
const { formatTargets, measureTargets } = require('./targets')
const { KiB, median, MiB, sizeName, timeName } = require('./units')
const { formatTable } = require('../table')

/** From 16 bytes to 256 MiB. */
const SIZES = Array.from({ length: 13 }, (_, power) => 16 * 4 ** power)
const FRAME_SIZES = Array.from({ length: 6 }, (_, power) => 64 * KiB * 4 ** power)

/** A peer takes about `milliseconds` for each size, a frame loop `frameLoop` milliseconds. */
const THOROUGH = { rounds: 5, milliseconds: 200, sizes: SIZES, frameLoop: 6000 }
const QUICK = { rounds: 2, milliseconds: 20, sizes: SIZES.filter((_, place) => place % 2 === 0), frameLoop: 1500 }

const FRAME_LOOPS = [
  ['dispose', 'smalloc, disposed'],
  ['collect', 'smalloc, left to the collector'],
  ['buffer', 'Buffer.alloc, left to the collector']
]

/** By peer, the median time of each size in nanoseconds. The peers take turns: a machine that drifts hurts all alike. */
async function measurePeers (kind, node, { rounds, ...settings }) {
  const nodes = await Promise.all(peers[kind].map(({ needs }) => findNode(node, needs)))
  const times = peers[kind].map(() => [])
  for (let round = 1; round <= rounds; round++) {
    for (const [number, { name }] of peers[kind].entries()) {
      if (nodes[number].notRun) continue
      console.error(`${kind}, round ${round} of ${rounds}: ${name}`)
      times[number].push(await timesOf(kind, number, nodes[number].theirs, settings))
    }
  }
  return peers[kind].map(({ name }, number) => {
    const { notRun } = nodes[number]
    const medians = settings.sizes.map((_, place) => median(times[number].map((ofRound) => ofRound[place])))
    return { name, notRun, rounds: times[number], nanoseconds: notRun ? [] : medians }
  })
}

/** Of one peer, for each size. */
async function timesOf (kind, number, node, settings) {
  const { program } = peers[kind][number]
  if (!program) return answerOf(node, ['measure.js', 'peer', kind, number, JSON.stringify(settings)])
  const times = []
  for (const size of settings.sizes) times.push(await answerOf(node, program(size, settings.milliseconds)))
  return times
}

async function measureFrameLoops (node, { frameLoop }) {
  const results = []
  for (const [loop, name] of FRAME_LOOPS) {
    console.error(`frame loop: ${name}`)
    results.push({ name, samples: await answerOf(node, ['frame-loop.js', loop, frameLoop]) })
  }
  return results
}

function machine () {
  const cpus = os.cpus()
  return {
    cpu: cpus[0].model.trim(),
    cores: cpus.length,
    memoryMiB: Math.round(os.totalmem() / MiB),
    system: `${os.type()} ${os.release()} ${os.arch()}`
  }
}

/** The time of the first peer at each size, and its ratio to that of each other; below 1 it is faster. */
function formatPeers (sizes, [ours, ...others]) {
  const head = ['size', ours.name, ...others.map(({ name }) => `to ${name}`)]
  const lines = sizes.map((size, place) => [
    sizeName(size),
    timeName(ours.nanoseconds[place]),
    ...others.map((peer) => peer.notRun ? 'not run' : (ours.nanoseconds[place] / peer.nanoseconds[place]).toFixed(3))
  ])
  const reasons = others.filter(({ notRun }) => notRun).map(({ name, notRun }) => `\n${name} was not run: ${notRun}.`)
  return formatTable(head, lines) + reasons.join('')
}

function formatFrameLoops (loops) {
  return formatTable(['loop', 'frames', 'mean', 'peak'], loops.map(({ name, samples }) => {
    const resident = samples.map(([, bytes]) => bytes / MiB)
    const mean = resident.reduce((sum, mebibytes) => sum + mebibytes) / resident.length
    return [name, samples.length - 1, `${mean.toFixed(0)} MiB`, `${Math.max(...resident).toFixed(0)} MiB`]
  }))
}

function print ({ machine: { cpu, cores, memoryMiB, system }, versions, date, command, ...results }) {
  const tables = {
    'allocate, fill, release: the time here, and its ratio to that of the peers': formatPeers(results.release.sizes, results.release.peers),
    'copy: the time here, and its ratio to that of the peers': formatPeers(results.copy.sizes, results.copy.peers),
    'a frame filled and passed to a worker: the time here, and its ratio to that of the others':
      formatPeers(results.frames.sizes, results.frames.ways),
    'resident memory in a loop over frames of 16 MiB': formatFrameLoops(results.frameLoop),
    targets: formatTargets(results.targets)
  }
  console.log(`Node ${versions.node}, ${cpu}, ${cores} cores, ${memoryMiB} MiB, ${system}, ${date}, ${command}`)
  for (const [title, table] of Object.entries(tables)) console.log(`\n${title}\n\n${table}`)
}

/** With numbers and pairs of them on one line each. */
function toJSON (results) {
  const isFraction = (value) => typeof value === 'number' && !Number.isInteger(value)
  const round = (key, value) => (isFraction(value) ? Number(value.toPrecision(4)) : value)
  return JSON.stringify(results, round, 2).replace(/\[[\s\d.,e+-]+\]/g, (list) => list.replace(/\s+/g, ' ')) + '\n'
}

function save (results) {
  const figures = path.join(__dirname, 'results', `v${results.versions.node}.json`)
  mkdirSync(path.dirname(figures), { recursive: true })
  writeFileSync(figures, toJSON(results))
  const files = drawCharts(results, path.join(__dirname, '..', '..', 'docs', 'charts'))
  console.log(`\nwrote ${[figures, ...files].map((file) => path.relative(process.cwd(), file)).join(', ')}`)
}

async function main () {
  const { values: { node, quick } } = parseArgs({
    options: { node: { type: 'string', default: process.execPath }, quick: { type: 'boolean' } }
  })
  const settings = quick ? QUICK : THOROUGH
  const versions = await versionsOf(node)
  const results = {
    date: new Date().toISOString(),
    command: `npm run bench${quick ? ' -- --quick' : ''}`,
    machine: machine(),
    versions: { smalloc: require('../../package.json').version, node: versions.node, v8: versions.v8 },
    frameLoop: await measureFrameLoops(node, settings),
    release: { sizes: settings.sizes, peers: await measurePeers('release', node, settings) },
    frames: { sizes: FRAME_SIZES, ways: await measurePeers('frames', node, { ...settings, sizes: FRAME_SIZES }) },
    copy: { sizes: settings.sizes, peers: await measurePeers('copy', node, settings) },
    targets: await measureTargets({ node, quick })
  }
  print(results)
  if (!quick) save(results)
}

main()
