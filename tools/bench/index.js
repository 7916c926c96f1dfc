'use strict'

// The benchmark: every peer in processes of its own, taken in turn, so that a machine that drifts hurts all alike.
// Prints tables, writes the figures to results/ and draws the charts in docs/charts/; --quick only prints.
//
//   npm run bench -- [--quick] [--node PATH]

const { mkdirSync, writeFileSync } = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { drawCharts } = require('./charts')
const { answerOf, factsOf } = require('./children')
const { median } = require('./measure')
const { missingNeeds, node012 } = require('./needs')
const { peers } = require('./peers')
const { endProgress, progress } = require('./progress')
const { MiB } = require('./sizes')
const { formatFrames, formatPeers } = require('./tables')
const { formatTargets, measureTargets } = require('./targets')

/** From 16 bytes to 256 MiB. */
const SIZES = Array.from({ length: 13 }, (_, power) => 16 * 4 ** power)

const THOROUGH = { rounds: 5, milliseconds: 200, sizes: SIZES, frameLoop: 6000 }
const QUICK = { rounds: 2, milliseconds: 20, sizes: SIZES.filter((_, place) => place % 2 === 0), frameLoop: 1500 }

const FRAME_LOOPS = [
  ['dispose', 'smalloc, disposed'],
  ['collect', 'smalloc, left to the collector'],
  ['buffer', 'Buffer.alloc, left to the collector']
]

/** By peer, the median time of each size in nanoseconds, and those of all rounds. */
async function measurePeers (kind, node, { rounds, milliseconds, sizes }) {
  const missing = await missingNeeds(node, peers[kind])
  const results = peers[kind].map(({ name, needs }) => ({ name, notRun: missing[needs], rounds: [] }))
  for (let round = 1; round <= rounds; round++) {
    for (const [number, peer] of peers[kind].entries()) {
      if (results[number].notRun) continue
      progress(`${kind}, round ${round} of ${rounds}: ${peer.name}`)
      results[number].rounds.push(peer.es5Work
        ? await measureInNode012(peer.es5Work, sizes, milliseconds)
        : await answerOf(node, 'peer.js', [kind, number, JSON.stringify({ sizes, milliseconds })]))
    }
  }
  for (const result of results) {
    const medians = sizes.map((_, place) => median(result.rounds.map((times) => times[place])))
    result.nanoseconds = result.notRun ? [] : medians
  }
  return { sizes, peers: results }
}

async function measureInNode012 (work, sizes, milliseconds) {
  const node = await node012()
  const times = []
  for (const size of sizes) times.push(await answerOf(node, 'es5-loop.js', ['theirs', work, milliseconds / 4, size]))
  return times
}

/** How frames get to a worker: see frames-to-worker.js. */
const FRAME_WAYS = [
  ['release', 'smalloc release, adopt, dispose'],
  ['copy', 'Buffer, copied by postMessage'],
  ['transfer', 'Uint8Array, transferred, collected'],
  ['shared', 'SharedArrayBuffer, collected']
]

const FRAME_SIZES = Array.from({ length: 6 }, (_, power) => 64 * 1024 * 4 ** power)

/** By way, the median time of each size in nanoseconds. */
async function measureFrames (node, { rounds, milliseconds }) {
  const ways = FRAME_WAYS.map(([way, name]) => ({ way, name, times: FRAME_SIZES.map(() => []) }))
  for (let round = 1; round <= rounds; round++) {
    for (const { way, name, times } of ways) {
      progress(`frames to a worker, round ${round} of ${rounds}: ${name}`)
      for (const [place, size] of FRAME_SIZES.entries()) {
        times[place].push(await answerOf(node, 'frames-to-worker.js', [way, size, milliseconds]))
      }
    }
  }
  return { sizes: FRAME_SIZES, ways: ways.map(({ name, times }) => ({ name, nanoseconds: times.map(median) })) }
}

/** One after the other: each fills its frames at the same speed. */
async function measureFrameLoops (node, { frameLoop }) {
  const results = []
  for (const [loop, name] of FRAME_LOOPS) {
    progress(`frame loop: ${name}`)
    results.push({ name, samples: await answerOf(node, 'frame-loop.js', [loop, frameLoop]) })
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

/** With numbers and pairs of them on one line each. */
function toJSON (results) {
  const isFraction = (value) => typeof value === 'number' && !Number.isInteger(value)
  const round = (key, value) => (isFraction(value) ? Number(value.toPrecision(4)) : value)
  return JSON.stringify(results, round, 2).replace(/\[[\s\d.,e+-]+\]/g, (list) => list.replace(/\s+/g, ' ')) + '\n'
}

async function main () {
  const { values: { node, quick } } = parseArgs({
    options: {
      node: { type: 'string', default: process.execPath },
      quick: { type: 'boolean', default: false }
    }
  })
  const settings = quick ? QUICK : THOROUGH
  const { versions } = await factsOf(node)
  const results = {
    date: new Date().toISOString(),
    command: `npm run bench${quick ? ' -- --quick' : ''}`,
    machine: machine(),
    versions: { smalloc: require('../../package.json').version, node: versions.node, v8: versions.v8 }
  }
  results.frameLoop = await measureFrameLoops(node, settings)
  results.release = await measurePeers('release', node, settings)
  results.frames = await measureFrames(node, settings)
  results.copy = await measurePeers('copy', node, settings)
  results.targets = await measureTargets({ node, quick })
  endProgress()
  print(results)
  if (!quick) save(results)
}

function print (results) {
  const { machine: { cpu, cores, memoryMiB, system }, versions, date, command } = results
  console.log(`Node ${versions.node}, ${cpu}, ${cores} cores, ${memoryMiB} MiB, ${system}, ${date}, ${command}`)
  console.log('\nallocate, fill, release: the time here, and its ratio to that of the peers\n')
  console.log(formatPeers(results.release))
  console.log('\ncopy: the time here, and its ratio to that of the peers\n')
  console.log(formatPeers(results.copy))
  console.log('\na frame filled and passed to a worker: the time here, and its ratio to that of the others\n')
  console.log(formatPeers({ sizes: results.frames.sizes, peers: results.frames.ways }))
  console.log('\nresident memory in a loop over frames of 16 MiB\n')
  console.log(formatFrames(results.frameLoop))
  console.log('\ntargets\n')
  console.log(formatTargets(results.targets))
}

function save (results) {
  const figures = path.join(__dirname, 'results', `v${results.versions.node}.json`)
  mkdirSync(path.dirname(figures), { recursive: true })
  writeFileSync(figures, toJSON(results))
  const files = drawCharts(results, path.join(__dirname, '..', '..', 'docs', 'charts'))
  console.log('')
  for (const file of [figures, ...files]) console.log(`wrote ${path.relative(process.cwd(), file)}`)
}

main()
