'use strict'

// Runs random sequences of calls in Node 0.12.18 and here, and compares what can be observed after each. A difference has
// to be one of the table of differences in docs/node-0.12.md; `rules` say which.

const fc = require('fast-check')
const { sequences } = require('../../test/model/sequences')
const { programOf } = require('./program')
const { Runtime } = require('./runtime')

/** Kinds of steps that Node 0.12 knows. */
const only = [
  'typedArray', 'plain', 'receiver', 'foreign', 'alloc', 'heir', 'read', 'write', 'delete', 'fill', 'copy', 'has', 'dispose',
  'setPrototype', 'drop', 'gc'
]

const isError = (answer) => /^(Type|Range)Error$/.test(answer)
const lists = ['keys', 'JSON', 'own']
const inherited = ['past the end', 'in', 'read', 'odd keys', 'for-in']

/** Which row of the table a difference is of. `step` is the question, and `why` is what program.js says of the object. */
const rules = {
  D14: ({ step, why }) => /^large/.test(why) && lists.includes(step),
  D25: ({ step, why }) => step === 'copyOnto' && why === 'disposed',
  D27: ({ step, why }) => step === 'hasExternalData' && / disposed/.test(why),
  D30: ({ step, why, answers }) => step === 'alloc' && why === 'several wrong' && answers.every(isError),
  D33: ({ step, why }) => / over numbers$/.test(why) && (inherited.includes(step) || (step === 'elements' && / disposed/.test(why)))
}

const codeOf = (lines) => lines.map(({ code }) => code)
const idOf = (fact) => Object.keys(rules).find((id) => rules[id](fact))

/** How many answers were alike, how many differ, and how many calls were left out: the last two by id. */
const newTally = () => ({ alike: 0, different: new Map(), avoided: new Map() })

const add = (map, key, number = 1) => map.set(key, (map.get(key) ?? 0) + number)

/**
 * Compares `count` sequences; `there` and `here` are a path of Node and a module each. Returns `{ problem, tally }`: what is
 * wrong, with the smallest sequence that shows it, or undefined; and a tally.
 */
async function compareSequences (there, here, { count, seed, path: place }) {
  const tally = newTally()
  const runtimes = [there, here].map(([node, module]) => new Runtime(node, module))
  const property = fc.asyncProperty(sequences({ only }), async (sequence) => {
    const { lines, avoided } = await programOf(sequence)
    const results = await Promise.allSettled(runtimes.map((runtime) => runtime.answers(codeOf(lines))))
    for (const { reason } of results) if (reason !== undefined) throw reason
    compareAnswers(lines, ...results.map(({ value }) => value), tally)
    for (const [id, number] of avoided) add(tally.avoided, id, number)
  })
  try {
    const result = await fc.check(property, { numRuns: count, seed, path: place, endOnFailure: place !== undefined })
    return { problem: result.failed ? describe(result) : undefined, tally }
  } finally {
    for (const runtime of runtimes) runtime.stop()
  }
}

/** Programs of so many random sequences, each as its lines and what the runtime answers. */
async function record (runtime, { count, seed }) {
  const recorded = []
  for (const sequence of fc.sample(sequences({ only }), { numRuns: count, seed })) {
    const { lines } = await programOf(sequence)
    recorded.push({ lines, answers: await runtime.answers(codeOf(lines)) })
  }
  return recorded
}

/** A tally of what a runtime answers to programs that `record` has returned. */
async function compareRecorded (recorded, runtime) {
  const tally = newTally()
  for (const { lines, answers } of recorded) compareAnswers(lines, answers, await runtime.answers(codeOf(lines)), tally)
  return tally
}

/** Throws on the first difference that no rule knows. */
function compareAnswers (lines, there, here, tally) {
  for (const [number, { step, why }] of lines.entries()) {
    const [facts, others] = [there[number], here[number]].map((answer) => Array.isArray(answer) ? answer : [{ step, answer }])
    const longer = facts.length >= others.length ? facts : others
    for (const at of longer.keys()) {
      const asked = longer[at].step
      const answers = [facts[at]?.answer, others[at]?.answer]
      const isAlike = answers[0] === answers[1]
      const id = isAlike ? undefined : idOf({ step: asked, why, answers })
      if (!isAlike && id === undefined) throw new Error(difference(lines, there, number, asked, answers))
      if (isAlike) tally.alike++
      else add(tally.different, id)
    }
  }
}

function difference (lines, there, number, step, [one, other]) {
  const calls = lines.slice(0, number + 1).map(({ code }, at) => [code, there[at]]).filter(([code]) => !code.startsWith('observe'))
  const { code, why } = lines[number]
  const shown = calls.map(([call, answer]) => `  ${call} -> ${answer}`)
  return [...shown, `${step} by ${code}, ${why}:`, `  0.12.18: ${one}`, `  here:    ${other}`].join('\n')
}

function describe ({ counterexample: [sequence], counterexamplePath, seed, errorInstance }) {
  const steps = sequence.map((step) => `  ${JSON.stringify(step)}`).join('\n')
  return `an unlisted difference after these steps:\n${steps}\n\n${errorInstance.message}\n\n` +
    `Once more: npm run compare -- --seed ${seed} --path ${counterexamplePath}`
}

module.exports = { compareSequences, compareAnswers, compareRecorded, newTally, record, rules }
