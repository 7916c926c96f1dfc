'use strict'

const { isTraced } = require('../native/binding')
const { noTrace } = require('../internal/errors')

/** What this thread has allocated and not disposed, by place. Only with SMALLOC_TRACE=1 in the environment. */
function report () {
  if (!isTraced) throw noTrace()
  return require('../memory/trace').report()
}

module.exports = { report }
