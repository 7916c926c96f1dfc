'use strict'

// What users see. Node reads the names below for `import { alloc } from 'smalloc'`.

require('./lib/native/bundle').refuseBundle()
require('./lib/api/symbol-dispose')

const { adopt } = require('./lib/api/adopt')
const { alloc } = require('./lib/api/alloc')
const { allocUnsafe } = require('./lib/api/alloc-unsafe')
const { copyOnto } = require('./lib/api/copy-onto')
const { dispose } = require('./lib/api/dispose')
const { disposeBuffer } = require('./lib/api/dispose-buffer')
const { External } = require('./lib/api/external')
const { hasExternalData } = require('./lib/api/has-external-data')
const { memoryUsage } = require('./lib/api/memory-usage')
const { release } = require('./lib/api/release')
const { report } = require('./lib/api/report')
const { sliceOnto } = require('./lib/api/slice-onto')
const { trim } = require('./lib/api/trim')
const { view } = require('./lib/api/view')
const { Types, kMaxLength } = require('./lib/internal/types')

module.exports = {
  alloc, allocUnsafe, copyOnto, dispose, External, view, sliceOnto, disposeBuffer, release, adopt,
  hasExternalData, memoryUsage, report, trim
}
Object.defineProperty(module.exports, 'Types', { enumerable: true, value: Types })
Object.defineProperty(module.exports, 'kMaxLength', { enumerable: true, value: kMaxLength })
