'use strict'

// The comparison itself: it accepts what the table of differences lists, and nothing else.

const assert = require('node:assert/strict')
const path = require('node:path')
const { answering } = require('../../tools/compare')
const { answersTo, listedIds, problemsOf, readProbes } = require('../../tools/compare/probes')
const { compareAnswers, compareSequences, newTally, rules } = require('../../tools/compare/sequences')
const { long, quick } = require('../support/long')
const recorded = require('./answers-0.12.json')

const ROOT = path.join(__dirname, '..', '..')
const BROKEN = path.join(ROOT, 'test', 'support', 'programs', 'copies-too-little.js')

const [here, other, broken, ending] = [ROOT, ROOT, BROKEN, './no-such-module'].map((module) => answering(process.execPath, module))

describe('the comparison with Node 0.12', function () {
  this.timeout(300_000)
  after(() => here.stop())

  const probes = readProbes()

  it('reads a line as a probe for each choice, each kind and each type, all of different names', () => {
    const named = (pattern) => probes.filter(({ name }) => pattern.test(name)).map(({ name, id }) => [name, id])
    assert.deepEqual(named(/^count\(alloc\((1|NaN)[,)]/), [
      ['count(alloc(1))', undefined], ['count(alloc(1, {}))', undefined], ['count(alloc(NaN))', 'D6'], ['count(alloc(NaN, {}))', 'D6']
    ])
    assert.deepEqual(named(/^JSON.stringify\(Object.getOwn/).map(([, id]) => id), [undefined, 'D15', 'D15', 'D14', 'D14'])
    assert.equal(named(/^dispose\(alloc\(5, Types\./).length, 9)
    assert.equal(new Set(probes.map(({ group, name }) => `${group}: ${name}`)).size, probes.length)
  })

  it('finds every answer of Node 0.12.18 here, but for the differences that are listed, even after a probe that ends the process', async () => {
    assert.deepEqual([...new Set(probes.map(({ line }) => line))], recorded.map(([line]) => line), 'npm run compare -- --record')
    const there = recorded.flatMap(([, ...answers]) => answers)
    const [ending, ...answers] = await answersTo([{ name: 'process.exit()' }, ...probes], here)
    assert.equal(ending, 'aborts')
    assert.equal(answers.includes('aborts'), false)
    const rows = probes.map((probe, number) => ({ ...probe, there: there[number], here: answers[number] }))
    assert.deepEqual(problemsOf(rows, listedIds()), [])
  })

  it('reads the ids in docs/node-0.12.md, and has rules for no others', () => {
    assert.deepEqual(listedIds(), Array.from({ length: listedIds().length }, (_, index) => `D${index + 1}`))
    assert.deepEqual(Object.keys(rules).filter((id) => !listedIds().includes(id)), [])
  })

  for (const [what, answers, problems] of [
    ['accepts like answers, and differences that are listed', [['1', '1'], ['1', '2', 'D1']], []],
    ['refuses a difference without an id', [['1', '2'], ['1', '2', 'D1']], ['g: n: an unlisted difference\n  0.12.18: 1\n  here:    2']],
    ['refuses a difference whose id is not listed', [['1', '2', 'D7'], ['1', '2', 'D1']],
      ['g: n: D7 is not in the table of docs/node-0.12.md']],
    ['refuses like answers of a probe that names an id', [['1', '1', 'D1'], ['1', '2', 'D1']],
      ['g: n: is answered alike, yet names D1']],
    ['refuses a listed id that no probe shows', [['1', '1']], ['docs/node-0.12.md lists D1, which no probe shows']]
  ]) {
    it(what, () => {
      assert.deepEqual(problemsOf(answers.map(([there, here, id]) => ({ group: 'g', name: 'n', id, there, here })), ['D1']), problems)
    })
  }
})

describe('random sequences that Node 0.12 runs as well', function () {
  this.timeout(300_000)
  after(() => [here, other, broken].forEach((process) => process.stop()))

  it('are answered alike by the same module, with rows of the table met', async () => {
    const { problem, tally } = await compareSequences(other, here, { count: quick(100, 10), seed: 1 })
    assert.equal(problem, undefined)
    assert.deepEqual([...tally.different], [])
    assert(tally.alike > quick(10_000, 1000))
    assert(tally.avoided.size >= quick(8, 2), [...tally.avoided.keys()].join())
  })

  long.it('show the smallest sequence where a module answers differently, and how to have it again', async () => {
    const { problem } = await compareSequences(broken, here, { count: 300, seed: 1 })
    assert.match(problem, /^ {2}\{"do":"copy"/m)
    assert.match(problem, /^ {2}copyOnto\(o\d, [\d.]+, o\d, [\d.]+, (1[7-9]|[2-9]\d|\d{3,})\)/m)
    const [, seed, place] = /npm run compare -- --seed (\d+) --path ([\d:]+)$/.exec(problem)
    assert.equal((await compareSequences(broken, here, { count: 300, seed: Number(seed), path: place })).problem, problem)
  })

  long.it('say so where a runtime ends', async () => {
    assert.match((await compareSequences(ending, here, { count: 3, seed: 1 })).problem, / ended with 1: [^]*no-such-module/)
  })

  const tallyOf = (step, why, there, here) => {
    const tally = newTally()
    compareAnswers([{ code: 'f(o1)', step, why }], [there], [here], tally)
    return [tally.alike, [...tally.different]]
  }

  it('may differ as the table says, and in nothing else', () => {
    assert.deepEqual(tallyOf('read', 'small', '0', '0'), [1, []])
    assert.deepEqual(tallyOf('keys', 'large', '0', ''), [0, [['D14', 1]]])
    assert.throws(() => tallyOf('keys', 'small', '0', ''), /keys by f\(o1\), small:\n {2}0\.12\.18: 0\n {2}here: {4}$/)
    assert.throws(() => tallyOf('elements', 'large', '0', ''), /elements by f\(o1\)/)
    for (const [there, here] of [['0', undefined], [undefined, '0']]) assert.throws(() => tallyOf('read', 'small', there, here))
  })
})
