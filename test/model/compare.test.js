'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { answersTo, DIFFERENCES, idsOf, problemsOf } = require('../../tools/compare')
const { readProbes } = require('../../tools/compare/probes')
const { Runtime } = require('../../tools/compare/runtime')
const { compareAnswers, compareRecorded, compareSequences, newTally, rules } = require('../../tools/compare/sequences')

const ROOT = path.join(__dirname, '..', '..')
const recorded = require('./answers-0.12.json')
const row = (there, here, id) => ({ group: 'g', name: 'n', id, there, here })

/** What this Node answers, with the module. */
async function answersWith (module, ask) {
  const runtime = new Runtime(process.execPath, module)
  try {
    return await ask(runtime)
  } finally {
    runtime.stop()
  }
}

describe('the comparison with Node 0.12', function () {
  this.timeout(300_000)

  const probes = readProbes()
  const nameOf = ({ group, name }) => `${group}: ${name}`
  const numberOf = (code) => probes.findIndex(({ name }) => name === code)

  it('has probes of different names', () => {
    assert.ok(probes.length >= 60)
    assert.equal(new Set(probes.map(nameOf)).size, probes.length)
  })

  it('reads a line as a probe for each choice, each kind and each type', () => {
    const named = (pattern) => probes.filter(({ name }) => pattern.test(name)).map(({ name, id }) => [name, id])
    assert.deepEqual(named(/^count\(alloc\((1|NaN)[,)]/), [
      ['count(alloc(1))', undefined], ['count(alloc(1, {}))', undefined], ['count(alloc(NaN))', 'D6'], ['count(alloc(NaN, {}))', 'D6']
    ])
    assert.deepEqual(named(/^JSON.stringify\(Object.getOwn/).map(([, id]) => id), [undefined, 'D15', 'D15', 'D14', 'D14'])
    assert.equal(named(/^dispose\(alloc\(5, Types\./).length, 9)
  })

  it('finds every answer of Node 0.12.18 here, but for the differences that are listed, and no probe ends the process', async () => {
    const there = new Map(recorded.probes)
    const here = await answersWith(ROOT, (runtime) => answersTo(probes, runtime))
    assert.equal(here.includes('aborts'), false)
    assert.deepEqual(probes.map(nameOf), [...there.keys()], 'npm run compare -- --record')
    const rows = probes.map((probe, number) => ({ ...probe, there: there.get(nameOf(probe)), here: here[number] }))
    assert.deepEqual(problemsOf(rows, idsOf(fs.readFileSync(DIFFERENCES, 'utf8'))), [])
  })

  it('goes on after a probe that ends the process', async () => {
    const dying = path.join(__dirname, '..', 'support', 'dies-on-kMaxLength.js')
    const given = await answersWith(dying, (runtime) => answersTo(probes, runtime))
    assert.equal(given.length, probes.length)
    assert.equal(given[numberOf('typeof alloc(kMaxLength, Types.Double)')], 'aborts')
    assert.equal(given[numberOf('count(alloc(3))')], '3')
  })

  it('reads the ids in docs/node-0.12.md, and probes name no other', () => {
    const ids = idsOf(fs.readFileSync(DIFFERENCES, 'utf8'))
    assert.ok(ids.length > 20)
    assert.equal(new Set(ids).size, ids.length)
    const named = new Set(probes.map(({ id }) => id).filter(Boolean))
    assert.deepEqual([...named].sort(), [...ids].sort())
  })

  it('reads ids from that section alone', () => {
    const section = '## Differences from Node 0.12\n| id |\n| --- |\n| D1 | x |\n| `D2` | x |\n'
    assert.deepEqual(idsOf(`| D8 | x |\n${section}## More\n| D9 | x |`), ['D1', 'D2'])
  })

  it('accepts like answers, and differences that are listed', () => {
    assert.deepEqual(problemsOf([row('1', '1'), row('1', '2', 'D1')], ['D1']), [])
  })

  it('refuses a difference without an id', () => {
    assert.match(problemsOf([row('1', '2')], [])[0], /^g: n: an unlisted difference\n {2}0\.12\.18: 1\n {2}here: {4}2$/)
  })

  it('refuses a difference whose id is not listed', () => {
    assert.deepEqual(problemsOf([row('1', '2', 'D7')], []), ['g: n: D7 is not in the table of docs/node-0.12.md'])
  })

  it('refuses like answers of a probe that names an id', () => {
    const rows = [row('1', '1', 'D1'), row('1', '2', 'D1')]
    assert.deepEqual(problemsOf(rows, ['D1']), ['g: n: is answered alike, yet names D1'])
  })

  it('refuses a listed id that no probe shows', () => {
    assert.deepEqual(problemsOf([row('1', '1')], ['D1']), ['docs/node-0.12.md lists D1, which no probe shows'])
  })
})

describe('random sequences that Node 0.12 runs as well', function () {
  this.timeout(300_000)

  const here = [process.execPath, ROOT]
  const line = (step, why = 'small') => ({ code: 'observe(o1)', step, why })
  const asked = (answer, step = 'keys') => [{ step, answer }]
  const tallyOf = (lines, there, others) => {
    const tally = newTally()
    compareAnswers(lines, there, others, tally)
    return [tally.alike, [...tally.different]]
  }

  it('are answered as Node 0.12.18 answered them, or differ as the table says', async () => {
    const { alike } = await answersWith(ROOT, (runtime) => compareRecorded(recorded.sequences, runtime))
    assert(alike > 1000, `${alike} answers alike`)
  })

  it('are answered alike by the same module, with rows of the table met', async () => {
    const { problem, tally } = await compareSequences(here, here, { count: 100, seed: 1 })
    assert.equal(problem, undefined)
    assert.deepEqual([...tally.different], [])
    assert(tally.alike > 10_000)
    assert(tally.avoided.size >= 8, [...tally.avoided.keys()].join())
  })

  it('show the smallest sequence where a module answers differently, and how to have it again', async () => {
    const broken = [process.execPath, path.join(__dirname, '..', 'support', 'programs', 'copies-too-little.js')]
    const { problem } = await compareSequences(broken, here, { count: 300, seed: 1 })
    assert.match(problem, /^ {2}\{"do":"copy"/m)
    assert.match(problem, /^ {2}copyOnto\(o\d, [\d.]+, o\d, [\d.]+, (1[7-9]|[2-9]\d|\d{3,})\)/m)
    const [, seed, place] = /npm run compare -- --seed (\d+) --path ([\d:]+)$/.exec(problem)
    assert.equal((await compareSequences(broken, here, { count: 300, seed: Number(seed), path: place })).problem, problem)
  })

  it('say so where a runtime ends', async () => {
    const ending = [process.execPath, path.join(__dirname, '..', 'no-such-module.js')]
    assert.match((await compareSequences(ending, here, { count: 3, seed: 1 })).problem, / ended with 1: [^]*no-such-module/)
  })

  it('are attributed to rows that docs/node-0.12.md lists', () => {
    const ids = idsOf(fs.readFileSync(DIFFERENCES, 'utf8'))
    assert.deepEqual(Object.keys(rules).filter((id) => !ids.includes(id)), [])
  })

  it('may differ as the table says, and in nothing else', () => {
    assert.deepEqual(tallyOf([line('read')], ['0'], ['0']), [1, []])
    assert.deepEqual(tallyOf([line(undefined, 'large')], [asked('0')], [asked('')]), [0, [['D14', 1]]])
    assert.throws(() => tallyOf([line()], [asked('0')], [asked('')]), /^Error: keys by observe\(o1\), small:\n {2}0\.12\.18: 0\n {2}here: {4}$/)
    assert.throws(() => tallyOf([line(undefined, 'large')], [asked('0', 'elements')], [asked('', 'elements')]), /elements by observe\(o1\)/)
  })

  it('must be answered as a whole in both', () => {
    assert.throws(() => tallyOf([line('read')], ['0'], []))
    assert.throws(() => tallyOf([line('read')], [], ['0']))
    assert.throws(() => tallyOf([line()], [[...asked('0'), ...asked('1', 'JSON')]], [asked('0')]))
    assert.throws(() => tallyOf([line()], [asked('0')], [[...asked('0'), ...asked('1', 'JSON')]]))
  })
})
