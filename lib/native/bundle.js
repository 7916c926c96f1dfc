'use strict'

// Says that this package has become part of a bundle, which contains no native addon. It requires nothing of Node's, because a
// bundle that is an ES module may have no `require`.

const { name, version } = require('../../package.json')

const IN_A_BUNDLE = [
  `Cause: ${name} is part of a bundle here, and its native addon is not.`,
  'To fix it, declare it external to the bundler, and install it where the bundle runs:',
  `- esbuild: external: ['${name}'], or on the command line --external:${name}`,
  `- webpack: externals: { ${name}: 'commonjs ${name}' }`
]

/** Called in the first line of index.js, before anything of Node's is required. */
function refuseBundle () {
  if (typeof __dirname === 'string') return
  const lines = [`${name} ${version} could not load its native addon.`, ...IN_A_BUNDLE]
  throw Object.assign(new Error(lines.join('\n')), { code: 'ERR_DLOPEN_FAILED' })
}

module.exports = { IN_A_BUNDLE, refuseBundle }
