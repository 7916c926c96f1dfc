'use strict'

const KiB = 1024
const MiB = 1024 * KiB

/** 65536 as '64 KiB'. */
function sizeName (bytes) {
  if (bytes >= MiB) return `${bytes / MiB} MiB`
  return bytes >= KiB ? `${bytes / KiB} KiB` : `${bytes} bytes`
}

/** Nanoseconds in the unit that suits them. */
function timeName (nanoseconds, digits = 3) {
  if (nanoseconds >= 1e6) return `${(nanoseconds / 1e6).toPrecision(digits)} ms`
  return nanoseconds >= 1e3 ? `${(nanoseconds / 1e3).toPrecision(digits)} µs` : `${nanoseconds.toPrecision(3)} ns`
}

module.exports = { KiB, MiB, sizeName, timeName }
