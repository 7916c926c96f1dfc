'use strict'

require('./lib/bundle').needCommonJS()

const { External } = require('./lib/external')
const { Types, kMaxLength } = require('./lib/types')

module.exports.alloc = require('./lib/alloc').alloc
module.exports.allocUnsafe = require('./lib/alloc').allocUnsafe
module.exports.copyOnto = require('./lib/copy').copyOnto
module.exports.dispose = require('./lib/dispose').dispose
module.exports.hasExternalData = require('./lib/view').hasExternalData
module.exports.view = require('./lib/view').view
module.exports.sliceOnto = require('./lib/slice').sliceOnto
module.exports.memoryUsage = require('./lib/memory-usage').memoryUsage
module.exports.trim = require('./lib/trim').trim
module.exports.External = External
Object.defineProperty(module.exports, 'Types', { enumerable: true, value: Types })
Object.defineProperty(module.exports, 'kMaxLength', { enumerable: true, value: kMaxLength })
