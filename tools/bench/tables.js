'use strict'

const { MiB, sizeName, timeName } = require('./sizes')

/** A Markdown table whose columns line up. */
function formatTable (head, lines) {
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column].length)))
  const format = (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  return [format(head), format(widths.map((width) => '-'.repeat(width))), ...lines.map(format)].join('\n')
}

/** The time of the first peer at each size, and its ratio to that of each other; below 1 it is faster. */
function formatPeers ({ sizes, peers: [ours, ...others] }) {
  const head = ['size', ours.name, ...others.map(({ name }) => `to ${name}`)]
  const lines = sizes.map((size, place) => [
    sizeName(size),
    timeName(ours.nanoseconds[place]),
    ...others.map((peer) => peer.notRun ? 'not run' : (ours.nanoseconds[place] / peer.nanoseconds[place]).toFixed(3))
  ])
  const reasons = others.filter(({ notRun }) => notRun).map(({ name, notRun }) => `\n${name} was not run: ${notRun}.`)
  return formatTable(head, lines) + reasons.join('')
}

function formatFrames (loops) {
  return formatTable(['loop', 'frames', 'mean', 'peak'], loops.map(({ name, samples }) => {
    const resident = samples.map(([, bytes]) => bytes / MiB)
    const mean = resident.reduce((sum, mebibytes) => sum + mebibytes) / resident.length
    return [name, String(samples.length - 1), `${mean.toFixed(0)} MiB`, `${Math.max(...resident).toFixed(0)} MiB`]
  }))
}

module.exports = { formatTable, formatPeers, formatFrames }
