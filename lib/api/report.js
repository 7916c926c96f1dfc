'use strict'

const { noTrace } = require('../internal/errors')
const { isTraced } = require('../native/binding')

/** What this thread has allocated and not disposed, by place. Only with SMALLOC_TRACE=1 in the environment. */
function report () {
  if (!isTraced) throw noTrace()
  return require('../memory/trace').report()
}

module.exports = { report }
