'use strict'

// Runs random sequences of calls in Node 0.12.18 and here, and compares what can be observed after each. A difference has
// to be one of the table of differences in docs/node-0.12.md; `rules` say which.

const { sequences } = require('../../test/model/sequences')
const { askAll } = require('../answering')
const { search } = require('../search')
const { programOf } = require('./program')

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

const idOf = (fact) => Object.keys(rules).find((id) => rules[id](fact))

/** How many answers were alike, how many differ, and how many calls were left out: the last two by id. */
const newTally = () => ({ alike: 0, different: new Map(), avoided: new Map() })

const add = (map, key, number = 1) => map.set(key, (map.get(key) ?? 0) + number)

/**
 * Lets two processes run random sequences. Returns `{ problem, tally }`: what is wrong, with the smallest sequence that shows it, or
 * undefined; and a tally.
 */
async function compareSequences (there, here, options) {
  const tally = newTally()
  const problem = await search('compare', sequences(only), async (sequence) => {
    const { lines, avoided } = await programOf(sequence)
    compareAnswers(lines, ...await askAll([there, here], lines.map(({ code }) => code)), tally)
    for (const [id, number] of avoided) add(tally.avoided, id, number)
  }, options)
  return { problem, tally }
}

/** Throws on the first difference that no rule knows. */
function compareAnswers (lines, there, here, tally) {
  for (const [number, { step, why }] of lines.entries()) {
    const answers = [there[number], here[number]]
    const isAlike = answers[0] === answers[1]
    const id = isAlike ? undefined : idOf({ step, why, answers })
    if (!isAlike && id === undefined) throw new Error(difference(lines, there, number, answers))
    if (isAlike) tally.alike++
    else add(tally.different, id)
  }
}

function difference (lines, there, number, [one, other]) {
  const calls = lines.slice(0, number + 1).map(({ code, isQuestion }, at) => isQuestion ? '' : `  ${code} -> ${there[at]}\n`)
  const { code, step, why } = lines[number]
  return `An unlisted difference:\n${calls.join('')}${step} by ${code}, ${why}:\n  0.12.18: ${one}\n  here:    ${other}`
}

module.exports = { compareSequences, compareAnswers, newTally, rules }
