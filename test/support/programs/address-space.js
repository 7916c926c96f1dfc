'use strict'

// Prints the KiB of address space that a process with this addon has mapped.

require('../../..')
const status = require('node:fs').readFileSync('/proc/self/status', 'utf8')
console.log(/^VmPeak:\s*(\d+)/m.exec(status)[1])
