'use strict'

// Draws the figures as SVG. ECharts renders SVG without a browser, a DOM or a native build. It is large (67 MB), but it
// comes as 3 packages, and the Apache Foundation keeps it; Vega-Lite takes 79, Observable Plot with linkedom 62.

const { mkdirSync, writeFileSync } = require('node:fs')
const path = require('node:path')
const echarts = require('echarts')
const { MiB, sizeName, timeName } = require('./units')

const GiB = 1024 * MiB
const SIZE = { width: 860, height: 540 }

/** By whose work it is: a full symbol, then a hollow one, in Okabe and Ito's colours for colour-blind readers. */
const STYLES = [
  { whose: /^smalloc/, colours: ['#0072b2', '#56b4e9'], symbols: ['circle', 'emptyCircle'] },
  { whose: /^Buffer/, colours: ['#d55e00', '#e69f00'], symbols: ['rect', 'emptyRect'] },
  { whose: /Array/, colours: ['#009e73', '#cc79a7'], symbols: ['triangle', 'emptyTriangle'] },
  { whose: /0\.12/, colours: ['#000000'], symbols: ['diamond'] }
]

/** Draws all charts into `folder` and returns the files. */
function drawCharts (results, folder) {
  mkdirSync(folder, { recursive: true })
  const charts = {
    'alloc-fill-release.svg': releaseChart(results),
    'copy.svg': copyChart(results),
    'frames-to-worker.svg': framesChart(results),
    'resident-memory.svg': residentChart(results)
  }
  return Object.entries(charts).map(([name, options]) => {
    const file = path.join(folder, name)
    writeFileSync(file, render(options))
    return file
  })
}

function releaseChart (results) {
  const { sizes, peers } = results.release
  return chart(results, 'Allocate, fill, release: time by size (lower is better)', {
    xAxis: sizeAxis(sizes),
    yAxis: valueAxis('time', { type: 'log', axisLabel: { formatter: timeName } }),
    series: peers.map((peer) => line(peer.name, peer.nanoseconds))
  })
}

function copyChart (results) {
  const { sizes, peers } = results.copy
  const throughput = (nanoseconds, size) => size / nanoseconds * 1e9 / GiB
  return chart(results, 'Copy: throughput by size (higher is better)', {
    xAxis: sizeAxis(sizes),
    yAxis: valueAxis('GiB a second', { type: 'log' }),
    series: peers.map((peer) => line(peer.name, peer.nanoseconds.map((time, place) => throughput(time, sizes[place]))))
  })
}

function framesChart (results) {
  const { sizes, ways } = results.frames
  return chart(results, 'A frame filled and passed to a worker: time by size (lower is better)', {
    xAxis: sizeAxis(sizes),
    yAxis: valueAxis('time', { type: 'log', axisLabel: { formatter: timeName } }),
    series: ways.map(({ name, nanoseconds }) => line(name, nanoseconds))
  })
}

function residentChart (results) {
  const points = (samples) => samples.map(([milliseconds, bytes]) => [milliseconds / 1000, bytes / MiB])
  const loops = results.frameLoop
  const end = Math.max(...loops.map(({ samples }) => Math.floor(samples.at(-1)[0] / 500) / 2))
  return chart(results, 'Resident memory in a loop over frames of 16 MiB, 60 a second (lower is better)', {
    xAxis: { ...valueAxis('seconds', { max: end }), nameGap: 30 },
    yAxis: valueAxis('resident memory, MiB', { min: 0 }),
    series: loops.map(({ name, samples }) => ({ ...line(name, points(samples)), showSymbol: false }))
  })
}

function chart ({ versions, machine, date }, title, { xAxis, yAxis, series }) {
  return {
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: 'Helvetica, Arial, sans-serif', color: '#222222' },
    title: {
      text: title,
      subtext: `Node ${versions.node}, ${machine.cpu}, ${machine.cores} cores, ${date.slice(0, 10)}`,
      left: 'center',
      textStyle: { fontSize: 16, color: '#222222' },
      subtextStyle: { color: '#555555' }
    },
    legend: { bottom: 4, left: 'center', width: SIZE.width - 60, itemGap: 28, textStyle: { color: '#222222' } },
    grid: { left: 90, right: 45, top: 64, bottom: 142 },
    xAxis,
    yAxis,
    series: styled(series.filter(({ data }) => data.length > 0))
  }
}

/** The sizes stand at equal distances: each is the same multiple of the one before, so this is a logarithmic axis. */
const sizeAxis = (sizes) => ({
  ...valueAxis('size', { type: 'category', data: sizes.map(sizeName), boundaryGap: false }),
  axisLabel: { color: '#222222', interval: 0, hideOverlap: true, rotate: sizes.length > 8 ? 35 : 0 },
  nameGap: sizes.length > 8 ? 52 : 30
})

const valueAxis = (name, options) => ({
  type: 'value',
  name,
  nameLocation: 'middle',
  nameGap: 60,
  nameTextStyle: { color: '#222222', fontSize: 13 },
  axisLine: { show: true, lineStyle: { color: '#222222' } },
  splitLine: { show: true, lineStyle: { color: '#dddddd' } },
  ...options,
  axisLabel: { color: '#222222', ...options.axisLabel }
})

const line = (name, data) => ({ name, type: 'line', data, symbolSize: 7, lineStyle: { width: 2 } })

function styled (series) {
  const left = STYLES.map(({ whose, colours, symbols }) => ({ whose, colours: [...colours], symbols: [...symbols] }))
  return series.map((each) => {
    const { colours, symbols } = left.find(({ whose }) => whose.test(each.name))
    return { ...each, color: colours.shift(), symbol: symbols.shift() }
  })
}

function render (options) {
  const drawing = echarts.init(null, null, { renderer: 'svg', ssr: true, ...SIZE })
  drawing.setOption(options)
  const svg = drawing.renderToSVGString()
  drawing.dispose()
  return svg + '\n'
}

module.exports = { drawCharts }
