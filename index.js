'use strict'

// What users see. Each function has a line of its own here: Node reads these lines for `import { alloc } from 'smalloc'`.

require('./lib/native/bundle').refuseBundle()
require('./lib/api/symbol-dispose')

const { External } = require('./lib/api/external')
const { Types, kMaxLength } = require('./lib/internal/types')

module.exports.alloc = require('./lib/api/alloc').alloc
module.exports.allocUnsafe = require('./lib/api/alloc-unsafe').allocUnsafe
module.exports.copyOnto = require('./lib/api/copy-onto').copyOnto
module.exports.dispose = require('./lib/api/dispose').dispose
module.exports.External = External
module.exports.view = require('./lib/api/view').view
module.exports.sliceOnto = require('./lib/api/slice-onto').sliceOnto
module.exports.disposeBuffer = require('./lib/api/dispose-buffer').disposeBuffer
module.exports.release = require('./lib/api/release').release
module.exports.adopt = require('./lib/api/adopt').adopt
module.exports.hasExternalData = require('./lib/api/has-external-data').hasExternalData
module.exports.memoryUsage = require('./lib/api/memory-usage').memoryUsage
module.exports.report = require('./lib/api/report').report
module.exports.trim = require('./lib/api/trim').trim
Object.defineProperty(module.exports, 'Types', { enumerable: true, value: Types })
Object.defineProperty(module.exports, 'kMaxLength', { enumerable: true, value: kMaxLength })
