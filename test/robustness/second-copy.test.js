'use strict'

// Two copies of the package in one process: a second package, and a second lib/ with the same addon. To one copy, what the
// other has allocated is an ordinary object: the answer is right, or a clear error.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const ours = require('../..')
const { elementsOf, fill } = require('../support/elements')
const { errorOf } = require('../support/errors')
const { inUse } = require('../support/usage')
const { assertNothingIsLost, canaries } = require('../support/invariants')
const { scenarioOf } = require('../support/scenario')

const root = path.join(__dirname, '..', '..')
const LARGE = 140 << 10

function copyOfThePackage () {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-'))
  const addons = fs.readdirSync(root).filter((file) => /^smalloc\..*\.node$/.test(file))
  for (const name of ['index.js', 'package.json', 'lib', ...addons]) fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true })
  process.on('exit', () => remove(folder))
  return require(folder)
}

/** Windows does not remove a library that is loaded, so the addon stays among the temporary files. */
function remove (folder) {
  try {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  } catch (error) {
    if (process.platform !== 'win32') throw error
  }
}

/** Loads the modules again. Those that are loaded keep the modules that they have. */
function secondLib () {
  const files = Object.keys(require.cache).filter((file) => file === path.join(root, 'index.js') || file.startsWith(path.join(root, 'lib') + path.sep))
  const loaded = files.map((file) => require.cache[file])
  for (const file of files) delete require.cache[file]
  try {
    return require('../..')
  } finally {
    for (const module of loaded) require.cache[module.id] = module
  }
}

for (const [name, load] of [['a copy of the package', copyOfThePackage], ['a second lib over the same addon', secondLib]]) {
  describe(name, () => {
    let theirs, guards, usage
    before(() => { theirs = load() })
    beforeEach(() => {
      theirs.trim() // so that Rust knows what waits there
      usage = inUse()
      guards = canaries()
    })
    afterEach(async () => {
      guards.check()
      guards.end()
      theirs.trim()
      await assertNothingIsLost(usage)
    })

    it('is another one, and both answer right', () => {
      assert.notEqual(theirs.alloc, ours.alloc)
      assert.deepEqual([scenarioOf(ours)(), scenarioOf(theirs)(), scenarioOf(ours)()], ['', '', ''])
    })

    const makers = {
      bare: (smalloc, length) => smalloc.alloc(length),
      External: (smalloc, length) => new smalloc.External(length),
      receiver: (smalloc, length) => smalloc.alloc(length, {}),
      function: (smalloc, length) => smalloc.alloc(length, () => {}),
      slice: (smalloc, length) => { const slice = {}; smalloc.sliceOnto(smalloc.alloc(length), slice); return slice }
    }
    for (const [kind, make] of Object.entries(makers)) {
      for (const length of [3, 100, LARGE]) {
        for (const [from, to, maker, user] of [['one', 'the other', () => ours, () => theirs], ['the other', 'the one', () => theirs, () => ours]]) {
          it(`${kind} of ${length} that ${from} has made, given to ${to}`, () => {
            const [a, b] = [maker(), user()]
            const object = fill(make(a, length), [1, 2, 3])
            const isTypedArray = ArrayBuffer.isView(object)
            assert.equal(b.hasExternalData(object), isTypedArray)
            assert.equal(errorOf(() => b.dispose(object)).code, isTypedArray ? 'ERR_INVALID_ARG_VALUE' : 'ERR_NO_EXTERNAL_DATA')
            const dest = b.alloc(3)
            if (isTypedArray) {
              b.copyOnto(object, 0, dest, 0, 3)
              assert.deepEqual(elementsOf(dest, 3), [1, 2, 3])
              assert.equal(b.view(object)[2], 3)
              assert.equal(errorOf(() => b.alloc(3, object)).code, 'ERR_INVALID_ARG_VALUE')
              const slice = {}
              b.sliceOnto(object, slice)
              a.dispose(object)
              assert.deepEqual([b.hasExternalData(slice), slice[0]], [false, undefined])
              b.dispose(slice)
              assert.deepEqual(Reflect.ownKeys(slice), [])
            } else {
              for (const call of [() => b.copyOnto(object, 0, dest, 0, 1), () => b.copyOnto(dest, 0, object, 0, 1), () => b.view(object),
                () => b.sliceOnto(object, {})]) assert.equal(errorOf(call).code, 'ERR_NO_EXTERNAL_DATA')
            }
            assert.equal(a.hasExternalData(object), !isTypedArray)
            if (!isTypedArray) assert.deepEqual(elementsOf(object, 3), [1, 2, 3])
            a.dispose(object)
            b.dispose(dest)
          })
        }
      }
    }

    for (const first of [3, 100, LARGE]) {
      for (const second of [3, 100, LARGE]) {
        it(`a receiver of ${first} of one's that takes ${second} of the other's is what it was once both have disposed, the last first`, () => {
          const object = { a: 1 }
          fill(ours.alloc(first, object), [1, 2, 3])
          const bytes = ours.view(object)
          fill(theirs.alloc(second, object), [7, 8, 9])
          assert.deepEqual(elementsOf(object, 3), [7, 8, 9])
          assert.deepEqual([...theirs.view(object).subarray(0, 3)], [7, 8, 9])
          assert.deepEqual([...bytes.subarray(0, 3)], [1, 2, 3])
          theirs.dispose(object)
          ours.dispose(object)
          assert.deepEqual(Reflect.ownKeys(object), ['a'])
          assert.equal(Object.getPrototypeOf(object), Object.prototype)
        })

        it(`a receiver of ${first} of one's and ${second} of the other's has no elements once both have disposed, the first first`, () => {
          const object = { a: 1 }
          ours.alloc(first, object)
          theirs.alloc(second, object)
          ours.dispose(object)
          assert.equal(theirs.view(object).length, second)
          theirs.dispose(object)
          assert.equal(0 in object, false)
          assert.equal(object[0], undefined)
          assert.deepEqual([ours.hasExternalData(object), theirs.hasExternalData(object)], [false, false])
        })
      }
    }
  })
}
