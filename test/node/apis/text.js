'use strict'

// string_decoder, util, assert, sqlite, and what browsers have: text, Response, WebSocket.

const assert = require('node:assert')
const http = require('node:http')
const stringDecoder = require('node:string_decoder')
const util = require('node:util')
const { collect, listening, localhost, room, something, large, text } = require('../tools')

const sqlite = process.getBuiltinModule('node:sqlite') // Node 20 has none
const { StringDecoder } = stringDecoder

const words = text('aäb€ smalloc')
const fieldOf = async (response) => new Uint8Array(await (await response.formData()).get('file').arrayBuffer())

const inDatabase = (use) => {
  const database = new sqlite.DatabaseSync(':memory:')
  try {
    database.exec('CREATE TABLE t (data BLOB)')
    return use(database)
  } finally {
    database.close()
  }
}

const changes = () => inDatabase((database) => {
  const session = database.createSession()
  database.exec("INSERT INTO t (rowid, data) VALUES (1, 'smalloc')")
  return session.changeset()
})

const insert = (a) => inDatabase((database) => {
  database.prepare('INSERT INTO t (data) VALUES (?)').run(a)
  return database.prepare('SELECT data FROM t').get()
})

const applyChanges = (a) => inDatabase((database) => [database.applyChangeset(a), database.prepare('SELECT data FROM t').all()])

module.exports = {
  modules: { assert, string_decoder: stringDecoder, util, sqlite, globalThis },
  calls: {
    'string_decoder.StringDecoder.write(a)': { bytes: words, run: (a) => new StringDecoder('utf8').write(a) },
    'string_decoder.StringDecoder.write(a), base64': (a) => new StringDecoder('base64').write(a),
    'string_decoder.StringDecoder.end(a)': { bytes: words, run: (a) => new StringDecoder('utf8').end(a) },
    'util.TextDecoder.decode(a)': { bytes: words, run: (a) => new util.TextDecoder().decode(a) },
    'util.TextDecoder.decode(a), stream': { bytes: words, run: (a) => new util.TextDecoder().decode(a, { stream: true }) },
    'util.TextDecoder.decode(a), latin1': { bytes: words, run: (a) => new util.TextDecoder('latin1').decode(a) },
    'util.TextDecoder.decode(a), utf-16': { bytes: words, run: (a) => new util.TextDecoder('utf-16le').decode(a) },
    'util.TextDecoder.decode(a), fatal': { bytes: something, run: (a) => new util.TextDecoder('utf-8', { fatal: true }).decode(a) },
    'util.TextEncoder.encodeInto(text, a)': { bytes: room, run: (a) => new util.TextEncoder().encodeInto('aäb', a) },
    'util.isDeepStrictEqual(a, itself)': (a) => util.isDeepStrictEqual(a, a),
    'util.isPartialDeepStrictEqual(a, itself)': (a) => util.isPartialDeepStrictEqual(a, a),
    'util.types.isArrayBufferView(a)': (a) => util.types.isArrayBufferView(a),
    'util.types.isTypedArray(a)': (a) => util.types.isTypedArray(a),
    'util.types.isUint8Array(a)': (a) => util.types.isUint8Array(a),
    'assert.equal(a, itself)': (a) => assert.equal(a, a),
    'assert.deepEqual(a, itself)': (a) => assert.deepEqual(a, a),
    'assert.deepStrictEqual(a, itself)': (a) => assert.deepStrictEqual(a, a),
    'sqlite.StatementSync.run(a)': insert,
    'sqlite.Statement.run(a)': insert,
    'sqlite.StatementSync.run({ data: a })': (a) => inDatabase((database) => {
      database.prepare('INSERT INTO t (data) VALUES (:data)').run({ data: a })
      return database.prepare('SELECT data FROM t').get()
    }),
    'sqlite.StatementSync.get(a)': (a) => inDatabase((database) => database.prepare('SELECT hex(?) AS result').get(a)),
    'sqlite.DatabaseSync.function() that returns a': (a) => inDatabase((database) => {
      database.function('give', () => a)
      return database.prepare('SELECT hex(give()) AS result').get()
    }),
    'sqlite.DatabaseSync.applyChangeset(a)': { bytes: changes, run: applyChanges },
    'sqlite.Database.applyChangeset(a)': { bytes: changes, run: applyChanges },
    'sqlite.DatabaseSync.deserialize(a)': {
      bytes: () => Buffer.from(inDatabase((database) => database.serialize())),
      run: (a) => inDatabase((database) => {
        database.deserialize(a)
        return database.prepare('SELECT name FROM sqlite_schema').all()
      })
    },
    'globalThis.TextDecoder.decode(a)': { bytes: words, run: (a) => new TextDecoder().decode(a) },
    'globalThis.TextEncoder.encodeInto(text, a)': { bytes: room, run: (a) => new TextEncoder().encodeInto('aäb', a) },
    'globalThis.crypto.getRandomValues(a)': { bytes: room, random: true, run: (a) => crypto.getRandomValues(a) },
    'globalThis.Response(a)': async (a) => new Response(a).arrayBuffer(),
    'globalThis.Response(a) of 200 KiB': { bytes: large, run: async (a) => new Response(a).arrayBuffer() },
    'globalThis.Response(stream of a)': async (a) => new Response(new Blob([a]).stream()).arrayBuffer(),
    'globalThis.Request({ body: a })': async (a) => new Request('http://localhost', { method: 'POST', body: a }).arrayBuffer(),
    'globalThis.fetch({ body: a })': async (a, t) => {
      const port = await listening(http.createServer((request, response) => request.pipe(response)), t)
      return (await fetch(`http://${localhost}:${port}`, { method: 'POST', body: a, headers: { connection: 'close' } })).arrayBuffer()
    },
    'globalThis.FormData of a': (a) => {
      const data = new FormData()
      data.append('file', new Blob([a]))
      return fieldOf(new Response(data))
    },
    'globalThis.URL.createObjectURL of a': async (a) => {
      const url = URL.createObjectURL(new Blob([a]))
      try {
        return await (await fetch(url)).arrayBuffer()
      } finally {
        URL.revokeObjectURL(url)
      }
    },
    'globalThis.Blob.stream() of a': (a) => collect(new Blob([a]).stream())
  },
  takesNoView: {
    assert: `Assert AssertionError doesNotMatch doesNotReject doesNotThrow fail ifError match notDeepEqual notDeepStrictEqual notEqual
      notStrictEqual ok partialDeepStrictEqual rejects strict strictEqual throws CallTracker`,
    string_decoder: '',
    sqlite: 'Session backup',
    util: `MIMEParams MIMEType _errnoException _exceptionWithHostPort _extend aborted callbackify convertProcessSignalToExitCode debounce
      debug debuglog deprecate diff format formatWithOptions getCallSite getCallSites getSystemErrorMap getSystemErrorMessage
      getSystemErrorName inherits inspect isArray isBoolean isBuffer isDate isError isFunction isNull isNullOrUndefined isNumber isObject
      isPrimitive isRegExp isString isSymbol isUndefined log markPromiseAsHandled parseArgs parseEnv promisify setTraceSigInt
      stripVTControlCharacters styleText throttle toUSVString transferableAbortController transferableAbortSignal`
  }
}
