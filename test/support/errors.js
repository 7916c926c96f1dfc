'use strict'

const assert = require('node:assert/strict')

/** Asserts that `action` throws an `ErrorClass` itself with this code, whose message names the argument first. */
function refuses (action, ErrorClass, code, name) {
  const error = errorOf(action)
  assert.equal(error.constructor, ErrorClass, String(error))
  assert.equal(error.name, ErrorClass.name)
  assert.equal(error.code, code, String(error))
  if (name !== undefined) assert.match(error.message, new RegExp(`^${name} (must|has|does)`))
  return error
}

/** What an action throws; undefined where it throws nothing. */
function errorIn (action) {
  try {
    action()
  } catch (error) {
    return error
  }
}

/** The Error that an action must throw. */
function errorOf (action) {
  const error = errorIn(action)
  assert(error instanceof Error, `an Error is thrown, not ${typeof error}`)
  return error
}

/** What `assert.throws` takes. A reason may follow the words of Node 0.12: test/functions/errors.test.js has them all. */
const noData = (name) =>
  ({ name: 'Error', message: new RegExp(`^${name} has no external array data(: |$)`), code: 'ERR_NO_EXTERNAL_DATA' })

module.exports = { refuses, errorIn, errorOf, noData }
