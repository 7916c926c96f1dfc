'use strict'

// Ways through which Node sends bytes, by the function that opens the end to which they are written. `channels[name](t)` opens one
// until the end of `t`: `{ writable, readable }`. `readable` is a promise: HTTP hands it out once something has been written.

const childProcess = require('node:child_process')
const { once } = require('node:events')
const http = require('node:http')
const http2 = require('node:http2')
const https = require('node:https')
const net = require('node:net')
const tls = require('node:tls')
const { certificate, privateKey } = require('./certificate')
const { after, listening, localhost, quiet } = require('./tools')

const pair = { key: privateKey, cert: certificate }
/** A program that writes what it reads, and its arguments. */
const echo = process.platform === 'win32' ? [process.execPath, ['-e', 'process.stdin.pipe(process.stdout)']] : ['cat', []]

/** Not with a key where none is asked for: Bun would take it. */
const serverOf = (module) => module.createServer([tls, https].includes(module) ? pair : {})

/** The first argument of the event. */
const next = (emitter, event) => quiet(once(emitter, event).then(([value]) => value))

const clientOf = async (server, t) => ({ port: await listening(server, t), host: localhost, rejectUnauthorized: false, agent: false })

/** What is `open`, with no concern for its errors: they show at the other end. */
function until (t, open) {
  t.later(() => open.destroy())
  return open.on('error', () => {})
}

/** Both ends of a connection of net or tls, the client's first. */
async function connected (module, t) {
  const server = serverOf(module)
  const accepted = next(server, module === tls ? 'secureConnection' : 'connection')
  const client = until(t, module.connect(await clientOf(server, t)))
  return [client, until(t, await accepted)]
}

const fromClient = (module) => async (t) => {
  const [client, peer] = await connected(module, t)
  return { writable: client, readable: Promise.resolve(peer) }
}

const fromServer = (module) => async (t) => {
  const [client, peer] = await connected(module, t)
  return { writable: peer, readable: Promise.resolve(client) }
}

const requestOf = (module) => async (t) => {
  const server = serverOf(module)
  const readable = next(server, 'request')
  return { writable: until(t, module.request({ ...await clientOf(server, t), method: 'POST' })), readable }
}

const responseOf = (module) => async (t) => {
  const server = serverOf(module)
  const received = once(server, 'request')
  const request = until(t, module.get(await clientOf(server, t)))
  const readable = next(request, 'response')
  return { writable: (await received)[1], readable }
}

async function http2Client (server, t) {
  return until(t, http2.connect(`http://${localhost}:${await listening(server, t)}`))
}

async function http2Request (t) {
  const server = http2.createServer()
  const readable = next(server, 'stream')
  return { writable: until(t, (await http2Client(server, t)).request({ ':method': 'POST' })), readable }
}

async function http2Response (t) {
  const server = http2.createServer()
  const received = next(server, 'stream')
  const request = (await http2Client(server, t)).request()
  const stream = until(t, await received)
  stream.respond()
  return { writable: stream, readable: Promise.resolve(request) }
}

async function throughChild (t) {
  const { stdin, stdout } = after(childProcess.spawn(...echo), (child) => t.later(() => child.kill('SIGKILL')))
  return { writable: stdin, readable: Promise.resolve(stdout) }
}

const channels = {
  'net.connect': fromClient(net),
  'net.createServer': fromServer(net),
  'tls.connect': fromClient(tls),
  'tls.createServer': fromServer(tls),
  'http.request': requestOf(http),
  'http.createServer': responseOf(http),
  'https.request': requestOf(https),
  'https.createServer': responseOf(https),
  'http2.connect': http2Request,
  'http2.createServer': http2Response,
  'child_process.spawn': throughChild
}

module.exports = { channels, echo, http2Client, pair }
