'use strict'

// A child process that runs sequences. If a sequence ends the process, a new one starts.

const { fork } = require('node:child_process')
const path = require('node:path')

/** A sequence takes 10 ms. */
const MOST_MS = 60_000

class Player {
  #child
  #module
  #env
  #resolve

  /** `module` is the path of smalloc, or of another module to compare with the model. */
  constructor (module, env = {}) {
    this.#module = module
    this.#env = { ...process.env, ...env }
  }

  /** Resolves to `{ lines }`, the trace, or to `{ problem }`, what was wrong. */
  run (sequence) {
    return this.#ask({ do: 'run', sequence: JSON.stringify(sequence) }) // as text, for Deno makes BigInts of some numbers
  }

  /** Ends the process. Resolves to `{ usage, rows }`: what memoryUsage says at the end, and the rows of its Statistics. */
  async end () {
    const result = await this.#ask({ do: 'end' })
    this.stop()
    return result
  }

  stop () {
    this.#child?.kill('SIGKILL')
    this.#child = undefined
  }

  #ask (message) {
    this.#child ??= this.#start()
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.stop()
        this.#resolve({ problem: `no answer within ${MOST_MS} ms` })
      }, MOST_MS)
      this.#resolve = (answer) => {
        clearTimeout(timer)
        resolve(answer)
      }
      this.#child.send(message)
    })
  }

  #start () {
    const options = { execArgv: ['--expose-gc'], env: this.#env, stdio: ['ignore', 'inherit', 'pipe', 'ipc'] }
    const child = fork(path.join(__dirname, 'child.js'), [this.#module], options)
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text) => { errors = (errors + text).slice(-4000) })
    child.on('message', (answer) => this.#resolve(answer))
    child.on('close', (code, signal) => {
      if (this.#child !== child) return
      this.#child = undefined
      this.#resolve({ problem: `the process ended with ${signal ?? code}\n${errors}` })
    })
    return child
  }
}

module.exports = { Player }
