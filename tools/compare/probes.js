'use strict'

// Reads probes.txt. A line is a probe: an id of a row of the table of differences, if the answers differ, then ES5 code, in terms of
// smalloc and of what helpers.js has. In the code
//
//   {a|b}   stands for a and for b: a probe for each. The same words in braces stand for the same again
//   EACH    is each kind of allocation, OBJECT each kind but functions, with a length
//   TYPE    is the name of each type of Node 0.12
//
// Before the code `small:D15,large:D14` is an id for each kind. The text up to the first group, which begins with #, is a comment.

const fs = require('node:fs')
const path = require('node:path')

const KINDS = ['bare', 'small object', 'small function', 'large object', 'large function']
const OBJECTS = ['bare', 'small object', 'large object']
const TYPES = ['Int8', 'Uint8', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float', 'Double', 'Uint8Clamped']

/** All probes, as { group, name, id }. The name is the code. */
function readProbes () {
  const probes = []
  let group
  for (const line of fs.readFileSync(path.join(__dirname, 'probes.txt'), 'utf8').split('\n')) {
    if (line.startsWith('# ')) group = line.slice(2)
    else if (group !== undefined && line !== '') probes.push(...probesOf(line).map((probe) => ({ group, ...probe })))
  }
  return probes
}

function probesOf (line) {
  const [, ids, code] = /^(\S*) +(.*)$/.exec(line)
  return choices(code).flatMap((chosen) => {
    if (chosen.includes('EACH')) return KINDS.map((kind) => ({ name: chosen.replace('EACH', `made('${kind}')`), id: idOf(ids, kind) }))
    if (chosen.includes('OBJECT')) return OBJECTS.map((kind) => ({ name: chosen.replace('OBJECT', `listed('${kind}')`), id: idOf(ids, kind) }))
    if (chosen.includes('TYPE')) return TYPES.map((type) => ({ name: chosen.replace('TYPE', type), id: idOf(ids) }))
    return [{ name: chosen, id: idOf(ids) }]
  })
}

/** `ids` is one for all kinds, or one for some. */
function idOf (ids, kind = '') {
  if (!ids.includes(':')) return ids === '' ? undefined : ids
  return ids.split(',').map((pair) => pair.split(':')).find(([of]) => kind.startsWith(of))?.[1]
}

/** The code with each choice of what stands in braces. */
function choices (code) {
  for (let start = code.indexOf('{'); start >= 0; start = code.indexOf('{', start + 1)) {
    const end = endOf(code, start)
    const options = split(code.slice(start + 1, end))
    if (options.length > 1) return options.flatMap((option) => choices(code.replaceAll(code.slice(start, end + 1), () => option)))
  }
  return [code]
}

/** Where the brace closes that opens at `start`. */
function endOf (code, start) {
  let depth = 0
  for (let at = start; ; at++) {
    if (code[at] === '{') depth++
    else if (code[at] === '}' && --depth === 0) return at
  }
}

/** The parts between those bars that are in no braces. */
function split (text) {
  const parts = ['']
  let depth = 0
  for (const character of text) {
    if (character === '{') depth++
    if (character === '}') depth--
    if (character === '|' && depth === 0) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts
}

module.exports = { readProbes }
