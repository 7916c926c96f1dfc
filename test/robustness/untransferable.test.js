'use strict'

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const path = require('node:path')

const root = path.join(__dirname, '..', '..')

/** Runs `source` in a process of its own; returns what it printed. */
function run (source) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['-e', source], { cwd: root, encoding: 'utf8', timeout: 30000 })
  assert.deepEqual([status, signal], [0, null], stderr.slice(0, 400))
  return stdout.trim()
}

describe('memory that was marked untransferable', () => {
  for (const make of ['alloc(10)', 'alloc(10, {})', 'alloc(100, {})', 'new External(10)', 'alloc(1 << 20)', 'alloc(1 << 20, {})']) {
    it(`ends the process neither in dispose nor at the end: ${make}`, () => {
      assert.match(run(`
        const { alloc, dispose, External, hasExternalData, view } = require('.')
        const object = ${make}
        require('node:worker_threads').markAsUntransferable(view(object).buffer)
        try { dispose(object) } catch (error) { console.log(error.code) }
        console.log(hasExternalData(object), object[0])
      `), /^false undefined$|^ERR_INVALID_ARG_VALUE\ntrue 0$/)
    })
  }
})
