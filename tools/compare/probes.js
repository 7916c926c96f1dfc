'use strict'

// The probes: what probes.txt asks, what a smalloc answers, and what is wrong with the answers.
//
// How probes.txt is read: a line that begins with # names a group. Any other line is a probe, or several. If the answers differ, it begins
// with the id of a row of the table of differences; `small:D15,large:D14` gives ids by kind. Then comes ES5 code. It may use smalloc
// and helpers.js, and
//
//   «a|b»   which makes a probe with a and a probe with b. If the same choice comes again, it is made alike
//   EACH    which stands for an allocation of each kind in turn, and OBJECT for each kind but functions, with a length
//   TYPE    which stands for the name of each type of Node 0.12

const fs = require('node:fs')
const path = require('node:path')

const DIFFERENCES = path.join(__dirname, '..', '..', 'docs', 'node-0.12.md')

const KINDS = ['bare', 'small object', 'small function', 'large object', 'large function']
const OBJECTS = ['bare', 'small object', 'large object']
const TYPES = ['Int8', 'Uint8', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float', 'Double', 'Uint8Clamped']

/** All probes, as { group, line, name, id }. The name is the code. */
function readProbes () {
  const probes = []
  let group
  for (const line of fs.readFileSync(path.join(__dirname, 'probes.txt'), 'utf8').split('\n')) {
    if (line.startsWith('# ')) group = line.slice(2)
    else if (group !== undefined && line !== '') probes.push(...probesOf(line).map((probe) => ({ group, line, ...probe })))
  }
  return probes
}

function probesOf (line) {
  const [, ids, code] = /^(\S*) +(.*)$/.exec(line)
  return choices(code).flatMap((chosen) => {
    const each = (word, kinds, codeOf) => kinds.map((kind) => ({ name: chosen.replace(word, codeOf(kind)), id: idOf(ids, kind) }))
    if (chosen.includes('EACH')) return each('EACH', KINDS, (kind) => `made('${kind}')`)
    if (chosen.includes('OBJECT')) return each('OBJECT', OBJECTS, (kind) => `listed('${kind}')`)
    if (chosen.includes('TYPE')) return each('TYPE', TYPES, (type) => type)
    return [{ name: chosen, id: idOf(ids) }]
  })
}

/** `ids` is empty, an id, or ids for some kinds. */
function idOf (ids, kind = '') {
  if (!ids.includes(':')) return ids === '' ? undefined : ids
  return ids.split(',').map((pair) => pair.split(':')).find(([of]) => kind.startsWith(of))?.[1]
}

/** The code with each choice for what stands in «». */
function choices (code) {
  const [place, options] = /«(.*?)»/.exec(code) ?? []
  return place === undefined ? [code] : options.split('|').flatMap((option) => choices(code.replaceAll(place, () => option)))
}

/** What a process answers to each probe: 'aborts' where the probe ends the process. */
async function answersTo (probes, process) {
  const answers = []
  for (const { name } of probes) answers.push(...await process.ask([name]).catch(() => ['aborts']))
  return answers
}

/** The ids in the first column of the table of differences. */
function listedIds () {
  const section = fs.readFileSync(DIFFERENCES, 'utf8').split('## Differences from Node 0.12\n')[1]
  return [...section.matchAll(/^\| (D\d+) \|/gm)].map(([, id]) => id)
}

/** What is wrong between the answers, `there` and `here` in each row, and the ids that the table lists. */
function problemsOf (rows, listed) {
  const shown = rows.filter(({ there, here }) => there !== here).map(({ id }) => id)
  return [
    ...rows.map((row) => problemOf(row, listed)).filter(Boolean),
    ...listed.filter((id) => !shown.includes(id)).map((id) => `docs/node-0.12.md lists ${id}, which no probe shows`)
  ]
}

function problemOf ({ group, name, id, there, here }, listed) {
  const probe = `${group}: ${name}`
  if (there === here) return id === undefined ? undefined : `${probe}: is answered alike, yet names ${id}`
  if (id === undefined) return `${probe}: an unlisted difference\n  0.12.18: ${there}\n  here:    ${here}`
  return listed.includes(id) ? undefined : `${probe}: ${id} is not in the table of docs/node-0.12.md`
}

module.exports = { answersTo, listedIds, problemsOf, readProbes }
