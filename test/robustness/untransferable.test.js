'use strict'

const assert = require('node:assert/strict')
const { alloc, dispose, view } = require('../..')
const { runText } = require('../support/child')
const { errorOf } = require('../support/errors')

describe('memory that was marked untransferable', () => {
  for (const guard of ['', '1']) {
    it(`ends the process neither in dispose nor at the end, SMALLOC_GUARD='${guard}'`, async () => {
      const makers = ['alloc(10)', 'alloc(10, {})', 'alloc(100, {})', 'new External(10)', 'alloc(1 << 20)', 'alloc(1 << 20, {})']
      const { code, signal, stdout, stderr } = await runText(`
        const { alloc, dispose, External, hasExternalData, view } = require('.')
        for (const make of [${makers.map((maker) => `() => ${maker}`)}]) {
          const object = make()
          require('node:worker_threads').markAsUntransferable(view(object).buffer)
          let code = 'disposed'
          try { dispose(object) } catch (error) { code = error.code }
          console.log(code, hasExternalData(object), object[0])
        }`, { env: { SMALLOC_GUARD: guard } })
      const lines = stdout.trim().split('\n')
      assert.deepEqual([code, signal, lines.length], [0, null, makers.length], `${stdout}${stderr}`)
      for (const [index, line] of lines.entries()) assert.match(line, /^disposed false undefined$|^ERR_INVALID_ARG_VALUE true 0$/, makers[index])
    })
  }
})

it('memory that asm.js uses is not disposed, and keeps its bytes', () => {
  const object = alloc(1 << 20)
  const bytes = view(object).fill(7)
  const useAsm = new Function('stdlib', 'foreign', 'heap', `'use asm'
    var bytes = new stdlib.Uint8Array(heap)
    function first () { return bytes[0] | 0 }
    return first`)
  const first = useAsm(globalThis, {}, bytes.buffer)
  assert.equal(errorOf(() => dispose(object)).code, 'ERR_INVALID_ARG_VALUE')
  assert.equal(first(), 7)
  assert(bytes.length === 1 << 20 && bytes.every((byte) => byte === 7))
})
