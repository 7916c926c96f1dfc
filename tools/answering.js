'use strict'

const { spawn } = require('node:child_process')

/** A question takes 10 ms. */
const MOST_MS = 60_000

/**
 * A child process that answers questions: lines of JSON go in, a line of JSON for each comes out. If a question ends the process, or
 * takes too long, a new one starts for the next question.
 */
class Answering {
  #command
  #env
  #child
  #resolve
  #reject

  /** `name` stands in errors. */
  constructor (name, command, env = {}) {
    this.name = name
    this.#command = command
    this.#env = { ...process.env, ...env }
  }

  /** The answer. Rejects where the process ends without one. */
  ask (question) {
    this.#child ??= this.#start()
    const timer = setTimeout(() => {
      this.stop()
      this.#reject(new Error(`${this.name}: no answer within ${MOST_MS} ms`))
    }, MOST_MS)
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      this.#child.stdin.write(`${JSON.stringify(question)}\n`)
    }).finally(() => clearTimeout(timer))
  }

  stop () {
    this.#child?.kill('SIGKILL')
    this.#child = undefined
  }

  #start () {
    const [program, ...args] = this.#command
    const child = spawn(program, args, { env: this.#env })
    let [output, errors] = ['', '']
    child.stdin.on('error', () => {}) // it has ended, see below
    child.stderr.setEncoding('utf8').on('data', (text) => { errors = (errors + text).slice(-4000) })
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
      if (!output.endsWith('\n')) return
      this.#resolve(JSON.parse(output))
      output = ''
    })
    child.on('close', (code, signal) => {
      if (this.#child !== child) return
      this.#child = undefined
      this.#reject(new Error(`${this.name} ended with ${signal ?? code}: ${errors}`))
    })
    return child
  }
}

/** What each of the processes answers. Rejects, once all are done, where one of them does. */
async function askAll (processes, question) {
  const results = await Promise.allSettled(processes.map((process) => process.ask(question)))
  for (const { reason } of results) if (reason !== undefined) throw reason
  return results.map(({ value }) => value)
}

module.exports = { Answering, askAll }
