'use strict'

// Finds and loads the native addon. The builds for all platforms lie beside package.json.

const path = require('node:path')
const { platformNames } = require('./platform')

const ROOT = path.join(__dirname, '..', '..')

function load () {
  const failures = []
  for (const platform of platformNames()) {
    const file = path.join(ROOT, `smalloc.${platform}.node`)
    try {
      return require(file)
    } catch (error) {
      failures.push({ file, error })
    }
  }
  throw require('./load-error').loadError(ROOT, failures)
}

module.exports = load()
