'use strict'

// string_decoder, util, sqlite, and what browsers have: text, Response, WebSocket.

const http = require('node:http')
const stringDecoder = require('node:string_decoder')
const util = require('node:util')
const { collect, given, listening, localhost, room, something, large, text } = require('../tools')

const sqlite = process.getBuiltinModule('node:sqlite') // Node 20 has none
const { StringDecoder } = stringDecoder

const words = text('aäb€ smalloc')

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

const serializedDatabase = () => Buffer.from(inDatabase((database) => database.serialize()))

const insert = (a) => inDatabase((database) => {
  database.prepare('INSERT INTO t (data) VALUES (?)').run(a)
  return database.prepare('SELECT data FROM t').get()
})

const applyChanges = (a) => inDatabase((database) => [database.applyChangeset(a), database.prepare('SELECT data FROM t').all()])

module.exports = {
  modules: { string_decoder: stringDecoder, util, sqlite, globalThis },
  calls: {
    'string_decoder.StringDecoder.write(a)': given(words, (a) => new StringDecoder('utf8').write(a)),
    'string_decoder.StringDecoder.write(a), base64': (a) => new StringDecoder('base64').write(a),
    'string_decoder.StringDecoder.end(a)': given(words, (a) => new StringDecoder('utf8').end(a)),
    'util.TextDecoder.decode(a)': given(words, (a) => new util.TextDecoder().decode(a)),
    'util.TextDecoder.decode(a), stream': given(words, (a) => new util.TextDecoder().decode(a, { stream: true })),
    'util.TextDecoder.decode(a), latin1': given(words, (a) => new util.TextDecoder('latin1').decode(a)),
    'util.TextDecoder.decode(a), utf-16': given(words, (a) => new util.TextDecoder('utf-16le').decode(a)),
    'util.TextDecoder.decode(a), fatal': given(something, (a) => new util.TextDecoder('utf-8', { fatal: true }).decode(a)),
    'util.TextEncoder.encodeInto(text, a)': given(room, (a) => new util.TextEncoder().encodeInto('aäb', a)),
    'util.types.isArrayBufferView(a)': (a) => util.types.isArrayBufferView(a),
    'util.types.isTypedArray(a)': (a) => util.types.isTypedArray(a),
    'util.types.isUint8Array(a)': (a) => util.types.isUint8Array(a),
    'sqlite.StatementSync.run(a)': insert,
    'sqlite.Statement.run(a)': insert, // its name in Node 26
    'sqlite.StatementSync.run({ data: a })': (a) => inDatabase((database) => {
      database.prepare('INSERT INTO t (data) VALUES (:data)').run({ data: a })
      return database.prepare('SELECT data FROM t').get()
    }),
    'sqlite.StatementSync.get(a)': (a) => inDatabase((database) => database.prepare('SELECT hex(?) AS result').get(a)),
    'sqlite.DatabaseSync.function() that returns a': (a) => inDatabase((database) => {
      database.function('give', () => a)
      return database.prepare('SELECT hex(give()) AS result').get()
    }),
    'sqlite.DatabaseSync.applyChangeset(a)': given(changes, applyChanges),
    'sqlite.Database.applyChangeset(a)': given(changes, applyChanges),
    'sqlite.DatabaseSync.deserialize(a)': given(serializedDatabase, (a) => inDatabase((database) => {
      database.deserialize(a)
      return database.prepare('SELECT name FROM sqlite_schema').all()
    })),
    'globalThis.Response(a)': async (a) => new Response(a).arrayBuffer(),
    'globalThis.Response(a) of 200 KiB': given(large, async (a) => new Response(a).arrayBuffer()),
    'globalThis.Request({ body: a })': async (a) => new Request('http://localhost', { method: 'POST', body: a }).arrayBuffer(),
    'globalThis.fetch({ body: a })': async (a, t) => {
      const port = await listening(http.createServer((request, response) => request.pipe(response)), t)
      return (await fetch(`http://${localhost}:${port}`, { method: 'POST', body: a, headers: { connection: 'close' } })).arrayBuffer()
    },
    'globalThis.Blob.stream() of a': (a) => collect(new Blob([a]).stream())
  },
  takesNoView: {
    string_decoder: '',
    sqlite: 'Session backup',
    util: `MIMEParams MIMEType _errnoException _exceptionWithHostPort _extend aborted callbackify convertProcessSignalToExitCode debounce
      debug debuglog deprecate diff format formatWithOptions getCallSite getCallSites getSystemErrorMap getSystemErrorMessage
      getSystemErrorName inherits inspect isArray isBoolean isBuffer isDate isDeepStrictEqual isError isFunction isNull isNullOrUndefined isNumber isObject
      isPartialDeepStrictEqual isPrimitive isRegExp isString isSymbol isUndefined log markPromiseAsHandled parseArgs parseEnv promisify setTraceSigInt
      stripVTControlCharacters styleText throttle toUSVString transferableAbortController transferableAbortSignal`
  }
}
