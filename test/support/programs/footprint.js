'use strict'

// Prints how many threads, files, mappings and signals the process has before smalloc is loaded and after it was used, and the
// CPU time of loading it.

const fs = require('node:fs')
const { setTimeout: passed } = require('node:timers/promises')

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2', 'SIGPIPE', 'SIGCHLD']

function state () {
  const status = fs.readFileSync('/proc/self/status', 'utf8')
  const field = (name) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)[1]
  return {
    threads: Number(field('Threads')),
    files: fs.readdirSync('/proc/self/fd').length,
    mappings: fs.readFileSync('/proc/self/maps', 'utf8').split('\n').length,
    caughtSignals: field('SigCgt'),
    ignoredSignals: field('SigIgn'),
    listeners: [...signals, 'exit', 'beforeExit', 'uncaughtException', 'unhandledRejection', 'warning']
      .map((name) => process.listenerCount(name))
  }
}

async function main () {
  await passed(1) // what a timer needs is there before it is counted
  const before = state()
  const start = process.cpuUsage()
  const smalloc = require('../../..')
  const { user, system } = process.cpuUsage(start)
  const loading = (user + system) / 1000
  for (const length of [10, 10_000, 1 << 20, 64 << 20]) {
    for (let i = 0; i < 3; i++) {
      const object = smalloc.alloc(length)
      object[length - 1] = 1
      smalloc.dispose(object)
    }
  }
  const source = smalloc.alloc(64 << 20)
  smalloc.copyOnto(source, 0, smalloc.alloc(64 << 20), 0, 64 << 20)
  await passed(1)
  console.log(JSON.stringify({ before, after: state(), loading, handles: process.getActiveResourcesInfo() }))
}

main()
