'use strict'

// Draws the figures as SVG, in docs/charts/. ECharts renders SVG without a browser, a DOM or a native build. It is large (67 MB), but
// it comes as 3 packages, and the Apache Foundation keeps it; Vega-Lite takes 79, Observable Plot with linkedom 62.
//
//   node tools/bench/charts.js results/FILE      draws them again

const fs = require('node:fs')
const path = require('node:path')
const echarts = require('echarts')
const { MiB, sizeName, timeName } = require('./units')

const FOLDER = path.join(__dirname, '..', '..', 'docs', 'charts')
const SIZE = { width: 860, height: 540 }
const BLACK = '#222222'

/** By whose work it is: a full symbol, then a hollow one, in Okabe and Ito's colours for colour-blind readers. */
const STYLES = [
  { whose: /^smalloc/, colours: ['#0072b2', '#56b4e9'], symbols: ['circle', 'emptyCircle'] },
  { whose: /^Buffer/, colours: ['#d55e00', '#e69f00'], symbols: ['rect', 'emptyRect'] },
  { whose: /Array/, colours: ['#009e73', '#cc79a7'], symbols: ['triangle', 'emptyTriangle'] },
  { whose: /0\.12/, colours: ['#000000'], symbols: ['diamond'] }
]

function drawCharts (results) {
  const times = { ...valueAxis('time'), type: 'log', axisLabel: { color: BLACK, formatter: timeName } }
  const bySize = (kind, title, yAxis, figure = (nanoseconds) => nanoseconds) => ({
    title,
    xAxis: sizeAxis(results[kind].sizes),
    yAxis,
    lines: results[kind].lines.filter(({ notRun }) => !notRun).map(({ name, nanoseconds }) =>
      ({ name, data: nanoseconds.map((time, place) => figure(time, results[kind].sizes[place])) }))
  })
  const charts = {
    'alloc-fill-release': bySize('release', 'Allocate, fill, release: time by size (lower is better)', times),
    copy: bySize('copy', 'Copy: throughput by size (higher is better)', { ...valueAxis('GiB a second'), type: 'log' },
      (nanoseconds, size) => size / nanoseconds * 1e9 / (1024 * MiB)),
    'frames-to-worker': bySize('frames', 'A frame filled and passed to a worker: time by size (lower is better)', times),
    'resident-memory': {
      title: 'Resident memory in a loop over frames of 16 MiB, 60 a second (lower is better)',
      xAxis: { ...valueAxis('frames'), nameGap: 30, max: 'dataMax' },
      yAxis: valueAxis('resident memory, MiB'),
      lines: results.frameLoop.map(({ name, resident }) => ({ name, data: [...resident.entries()], showSymbol: false }))
    }
  }
  for (const [name, chart] of Object.entries(charts)) fs.writeFileSync(path.join(FOLDER, `${name}.svg`), render(results, chart))
}

/** The sizes stand at equal distances: each is the same multiple of the one before, so this is a logarithmic axis. */
const sizeAxis = (sizes) => ({
  ...valueAxis('size'),
  type: 'category',
  data: sizes.map(sizeName),
  boundaryGap: false,
  axisLabel: { color: BLACK, interval: 0, hideOverlap: true, rotate: sizes.length > 8 ? 35 : 0 },
  nameGap: sizes.length > 8 ? 52 : 30
})

const valueAxis = (name) => ({
  type: 'value',
  name,
  nameLocation: 'middle',
  nameGap: 60,
  nameTextStyle: { color: BLACK, fontSize: 13 },
  axisLine: { show: true, lineStyle: { color: BLACK } },
  splitLine: { show: true, lineStyle: { color: '#dddddd' } },
  axisLabel: { color: BLACK }
})

function render ({ versions, machine, date }, { title, xAxis, yAxis, lines }) {
  const drawing = echarts.init(null, null, { renderer: 'svg', ssr: true, ...SIZE })
  drawing.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: 'Helvetica, Arial, sans-serif', color: BLACK },
    title: {
      text: title,
      subtext: `Node ${versions.node}, ${machine.cpu}, ${machine.cores} cores, ${date.slice(0, 10)}`,
      left: 'center',
      textStyle: { fontSize: 16, color: BLACK },
      subtextStyle: { color: '#555555' }
    },
    legend: { bottom: 4, left: 'center', width: SIZE.width - 60, itemGap: 28, textStyle: { color: BLACK } },
    grid: { left: 90, right: 45, top: 64, bottom: 142 },
    xAxis,
    yAxis,
    series: styled(lines)
  })
  const svg = drawing.renderToSVGString()
  drawing.dispose()
  return svg + '\n'
}

function styled (lines) {
  const seen = []
  return lines.map((line) => {
    const style = STYLES.find(({ whose }) => whose.test(line.name))
    const place = seen.filter((other) => other === style).length
    seen.push(style)
    return { type: 'line', symbolSize: 7, lineStyle: { width: 2 }, color: style.colours[place], symbol: style.symbols[place], ...line }
  })
}

if (require.main === module) drawCharts(JSON.parse(fs.readFileSync(process.argv[2], 'utf8')))

module.exports = { drawCharts }
