'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { compareFacts, compareRecorded, compareSequences, rules } = require('../../tools/compare-sequences')
const { answers, DIFFERENCES, idsOf, problemsOf } = require('../../tools/compare-with-original')
const probesOf = require('../../tools/probes')

const ROOT = path.join(__dirname, '..', '..')
const recorded = require('./answers-0.12.json')
const row = (there, here, id) => ({ group: 'g', name: 'n', id, there, here })

describe('the comparison with Node 0.12', () => {
  const probes = probesOf(require('../..'))

  it('has probes of different names', () => {
    assert.ok(probes.length >= 60)
    assert.equal(new Set(probes.map(({ group, name }) => `${group}: ${name}`)).size, probes.length)
  })

  it('gets an answer to every probe here, and none of them ends the process', () => {
    const given = answers(process.execPath, ROOT, probes)
    assert.equal(given.length, probes.length)
    assert.deepEqual(probes.filter((_, number) => typeof given[number] !== 'string' || given[number] === 'aborts'), [])
  })

  it('finds every answer of Node 0.12.18 here, but for the differences that are listed', () => {
    const there = new Map(recorded.probes)
    const here = answers(process.execPath, ROOT, probes)
    assert.deepEqual(probes.map(({ group, name }) => `${group}: ${name}`), [...there.keys()], 'npm run compare -- --record')
    const rows = probes.map((probe, number) => ({ ...probe, there: [...there.values()][number], here: here[number] }))
    assert.deepEqual(problemsOf(rows, idsOf(fs.readFileSync(DIFFERENCES, 'utf8'))), [])
  })

  it('goes on after a probe that ends the process', () => {
    const dying = path.join(__dirname, '..', 'support', 'dies-on-kMaxLength.js')
    const given = answers(process.execPath, dying, probes)
    assert.equal(given.length, probes.length)
    assert.equal(given[probes.findIndex(({ name }) => name === 'alloc(kMaxLength, Types.Double)')], 'aborts')
    assert.equal(given[probes.findIndex(({ name }) => name === 'alloc(3)')], '3')
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
    assert.deepEqual(problemsOf([row('1', '2', 'D7')], []), ["g: n: D7 is not in the table of docs/node-0.12.md"])
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
  const tallyOf = (there, here) => {
    const tally = { alike: 0, different: new Map(), avoided: new Map() }
    compareFacts(there, here, tally)
    return [tally.alike, [...tally.different], [...tally.avoided]]
  }
  const fact = (answer, step = 'keys', why = 'small') => ({ step, what: 'o1', answer, why })

  it('are answered as Node 0.12.18 answered them, or differ as the table says', async () => {
    const { alike } = await compareRecorded(recorded.sequences, here)
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
    assert.match(problem, /^ {2}copyOnto\(o\d,\d+,o\d,\d+,17\)/m)
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
    assert.deepEqual(tallyOf([fact('0'), { avoided: 'D5' }], [fact('0'), { avoided: 'D5' }]), [1, [], [['D5', 1]]])
    assert.deepEqual(tallyOf([fact('0', 'keys', 'large')], [fact('', 'keys', 'large')]), [0, [['D14', 1]], []])
    assert.throws(() => tallyOf([fact('0')], [fact('')]), /^Error: keys of o1, small:\n {2}0\.12\.18: 0\n {2}here: {4}$/)
    assert.throws(() => tallyOf([fact('0', 'elements', 'large')], [fact('', 'elements', 'large')]), /elements of o1/)
  })

  it('must ask the same in both', () => {
    assert.throws(() => tallyOf([fact('0'), fact('1')], [fact('0')]))
    assert.throws(() => tallyOf([fact('0')], [fact('0'), fact('1')]))
    assert.throws(() => tallyOf([{ avoided: 'D5' }], [{ avoided: 'D6' }]))
    assert.throws(() => tallyOf([{ avoided: 'D5' }], [fact('0')]))
  })
})
