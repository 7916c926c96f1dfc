'use strict'

const KiB = 1024
const MiB = 1024 * KiB

const TIME_UNITS = [['s', 1e9], ['ms', 1e6], ['µs', 1e3], ['ns', 1]]

/** 65536 as '64 KiB'. */
function sizeName (bytes) {
  if (bytes >= MiB) return `${bytes / MiB} MiB`
  return bytes >= KiB ? `${bytes / KiB} KiB` : `${bytes} bytes`
}

/** 1234567 nanoseconds as '1.23 ms'. */
function timeName (nanoseconds) {
  const [unit, length] = TIME_UNITS.find(([, length]) => nanoseconds >= length) ?? TIME_UNITS.at(-1)
  return `${Number((nanoseconds / length).toPrecision(3))} ${unit}`
}

function median (numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

module.exports = { KiB, MiB, sizeName, timeName, median }
