'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')

const LIB = path.join(__dirname, '..', '..', 'lib')

/** The folders that the files of each folder of lib/ may require, as CONTRIBUTING.md says. */
const allowed = {
  api: ['elements', 'memory', 'native', 'internal'],
  elements: ['memory', 'native', 'internal'],
  memory: ['native', 'internal'],
  native: ['internal'],
  internal: []
}

describe('the layers of lib/', () => {
  it('are all named here', () => {
    assert.deepEqual(fs.readdirSync(LIB).sort(), Object.keys(allowed).sort())
  })

  for (const folder of fs.readdirSync(LIB)) {
    it(`${folder} requires only what is below it`, () => {
      for (const file of fs.readdirSync(path.join(LIB, folder))) {
        const text = fs.readFileSync(path.join(LIB, folder, file), 'utf8')
        for (const [, required] of text.matchAll(/require\('\.\.\/(\w+)\//g)) {
          assert(allowed[folder].includes(required), `lib/${folder}/${file} requires lib/${required}/`)
        }
      }
    })
  }
})
