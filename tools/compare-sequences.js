'use strict'

// Runs random sequences of calls in Node 0.12.18 and here, and compares what can be observed after each. A difference has
// to be one of the table of differences in docs/node-0.12.md; `rules` say which. Part of compare-with-original.js.

const { spawn } = require('node:child_process')
const path = require('node:path')
const fc = require('fast-check')
const { sequences } = require('../test/model/sequences')

/** Kinds of steps that Node 0.12 knows. */
const only = [
  'typedArray', 'plain', 'receiver', 'foreign', 'alloc', 'heir', 'read', 'write', 'delete', 'fill', 'copy', 'has', 'dispose',
  'setPrototype', 'drop', 'gc'
]

const isError = (answer) => /^(Type|Range)Error$/.test(answer)
const lists = ['keys', 'JSON', 'own']
const inherited = ['past the end', 'in', 'read', 'odd keys', 'for-in']

/** Which row of the table a difference is of. `step` and `why` are what run-sequences.js says of it. */
const rules = {
  D14: ({ step, why }) => /^large/.test(why) && lists.includes(step),
  D25: ({ step, why }) => step === 'copyOnto' && why === 'disposed',
  D27: ({ step, why }) => step === 'hasExternalData' && / disposed/.test(why),
  D30: ({ step, why, answers }) => step === 'alloc' && why === 'several wrong' && answers.every(isError),
  D33: ({ step, why }) => / over numbers$/.test(why) && (inherited.includes(step) || (step === 'elements' && / disposed/.test(why)))
}

const idOf = (fact) => Object.keys(rules).find((id) => rules[id](fact))

/** A Node that answers sequences, one line each; a new one where the last has ended. */
class Runtime {
  #command
  #child
  #resolve
  #reject

  constructor (node, module) {
    this.#command = [node, ['--expose-gc', path.join(__dirname, 'run-sequences.js'), module]]
  }

  /** The facts that the sequence brings about. */
  run (sequence) {
    this.#child ??= this.#start()
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      this.#child.stdin.write(`${JSON.stringify(sequence)}\n`)
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

/**
 * Compares `count` sequences; `there` and `here` are a path of Node and a module each. Returns `{ problem, tally }`: what is
 * wrong, with the smallest sequence that shows it, or undefined; and what there was, by kind.
 */
async function compareSequences (there, here, { count, seed, path: place }) {
  const tally = { alike: 0, different: new Map(), avoided: new Map() }
  const runtimes = [there, here].map(([node, module]) => new Runtime(node, module))
  const property = fc.asyncProperty(sequences({ only }), async (sequence) => {
    const results = await Promise.allSettled(runtimes.map((runtime) => runtime.run(sequence)))
    for (const { reason } of results) if (reason !== undefined) throw reason
    const [facts, others] = results.map(({ value }) => value)
    compareFacts(facts, others, tally)
  })
  try {
    const result = await fc.check(property, { numRuns: count, seed, path: place, endOnFailure: place !== undefined })
    return { problem: result.failed ? describe(result) : undefined, tally }
  } finally {
    for (const runtime of runtimes) runtime.stop()
  }
}

/** What a runtime answers to so many random sequences, each as `{ steps, facts }`. */
async function factsOfSequences ([node, module], { count, seed }) {
  const runtime = new Runtime(node, module)
  try {
    const answered = []
    for (const steps of fc.sample(sequences({ only }), { numRuns: count, seed })) {
      answered.push({ steps, facts: await runtime.run(steps) })
    }
    return answered
  } finally {
    runtime.stop()
  }
}

/** What a runtime answers to the steps of such a list, compared with its facts. */
async function compareRecorded (recorded, [node, module]) {
  const runtime = new Runtime(node, module)
  const tally = { alike: 0, different: new Map(), avoided: new Map() }
  try {
    for (const { steps, facts } of recorded) compareFacts(facts, await runtime.run(steps), tally)
    return tally
  } finally {
    runtime.stop()
  }
}

/** Throws on the first difference that no rule knows. */
function compareFacts (there, here, tally) {
  for (let number = 0; number < Math.max(there.length, here.length); number++) {
    const [fact, other] = [there[number], here[number]]
    const isSameQuestion = ['step', 'what', 'avoided'].every((name) => fact?.[name] === other?.[name])
    if (!isSameQuestion) throw new Error(difference(there, here, number))
    if (fact.avoided !== undefined) add(tally.avoided, fact.avoided)
    else if (fact.answer === other.answer) tally.alike++
    else {
      const id = idOf({ step: fact.step, why: fact.why, answers: [fact.answer, other.answer] })
      if (id === undefined) throw new Error(difference(there, here, number))
      add(tally.different, id)
    }
  }
}

const add = (map, key) => map.set(key, (map.get(key) ?? 0) + 1)

function difference (there, here, number) {
  const calls = there.slice(0, number).filter(({ what }) => /[( [\]]/.test(what)).map(({ what, answer }) => `  ${what} -> ${answer}`)
  const { step, what, why } = there[number] ?? here[number]
  const answers = [there, here].map((facts) => facts[number]?.answer)
  return [...calls, `${step} of ${what}, ${why}:`, `  0.12.18: ${answers[0]}`, `  here:    ${answers[1]}`].join('\n')
}

function describe ({ counterexample: [sequence], counterexamplePath, seed, errorInstance }) {
  const steps = sequence.map((step) => `  ${JSON.stringify(step)}`).join('\n')
  return `an unlisted difference after these steps:\n${steps}\n\n${errorInstance.message}\n\n` +
    `Once more: npm run compare -- --seed ${seed} --path ${counterexamplePath}`
}

module.exports = { compareSequences, compareFacts, compareRecorded, factsOfSequences, rules }
