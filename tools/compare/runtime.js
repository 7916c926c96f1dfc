'use strict'

const { spawn } = require('node:child_process')
const path = require('node:path')

/** A Node that answers programs: see answer.js. A new one starts where the last has ended. */
class Runtime {
  #command
  #child
  #resolve
  #reject

  constructor (node, module) {
    this.#command = [node, ['--expose-gc', path.join(__dirname, 'answer.js'), module]]
  }

  /** The answers to the lines of code. Rejects where the process ends. */
  answers (program) {
    this.#child ??= this.#start()
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      this.#child.stdin.write(`${JSON.stringify(program)}\n`)
    })
  }

  stop () {
    this.#child?.kill('SIGKILL')
    this.#child = undefined
  }

  #start () {
    const child = spawn(...this.#command, { stdio: 'pipe' })
    let [output, errors] = ['', '']
    child.stdin.on('error', () => {}) // it has ended, see below
    child.stderr.setEncoding('utf8').on('data', (text) => { errors += text })
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
      if (!output.endsWith('\n')) return
      this.#resolve(JSON.parse(output))
      output = ''
    })
    child.on('close', (code, signal) => {
      if (this.#child !== child) return
      this.#child = undefined
      this.#reject(new Error(`${this.#command[0]} ended with ${signal ?? code}: ${errors}`))
    })
    return child
  }
}

module.exports = { Runtime }
