'use strict'

// Sends itself the signal that a fault has on macOS. Linux ends a process without a handler there.
require('../../..').alloc(64)
process.kill(process.pid, 'SIGBUS')
console.log('goes on')
