'use strict'

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const vm = require('node:vm')
const { isNode } = require('../support/runtime')

const page = fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'node-bugs.md'), 'utf8')
/** By heading: the first program of the section. */
const programs = new Map(page.split(/^## /m).slice(1).map((section) =>
  [section.slice(0, section.indexOf('\n')), /^```js\n(.*?)^```$/ms.exec(section)?.[1]]))

const [major] = process.versions.node.split('.')
const isReviewed = isNode && major >= 20 && major < 26 // 26.12.1 does not abort

describe('docs/node-bugs.md', () => {
  for (const [heading, program] of programs) {
    it(`has a program without smalloc: ${heading}`, () => {
      assert(program.length > 0)
      assert.doesNotMatch(program, /smalloc/)
      new vm.Script(program)
    })
  }

  it('is right: a typed array with another prototype ends the process', function () {
    if (!isReviewed || process.platform === 'win32') this.skip()
    const { signal, stderr } = runProgram('A typed array with another prototype ends the process')
    assert.equal(signal, 'SIGABRT')
    assert.match(stderr, /args\[offset \+ 2\]->IsUint32\(\)/)
  })
})

function runProgram (heading) {
  const program = programs.get(heading)
  return spawnSync('sh', ['-c', 'ulimit -c 0; exec "$0" -e "$1"', process.execPath, program], { encoding: 'utf8', timeout: 30_000 })
}
