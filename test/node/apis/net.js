'use strict'

// net, dgram, http, https, http2, tls.

const dgram = require('node:dgram')
const { once } = require('node:events')
const http = require('node:http')
const http2 = require('node:http2')
const https = require('node:https')
const net = require('node:net')
const tls = require('node:tls')
const { certificate, privateKey } = require('../certificate')
const { after, called, collect, listening, localhost, quiet, room, something, somethingOf, text, writes, writesCorked } = require('../tools')

const pair = { key: privateKey, cert: certificate }
const keyText = text(privateKey, '\n')
const certificateText = text(certificate, '\n')
const maskKey = Buffer.from([1, 2, 3, 4])
const large = somethingOf(200 << 10)

/** What arrives as a datagram when `send(socket, port, done)` has sent it. */
async function datagram (t, send) {
  const server = dgram.createSocket('udp4')
  const client = dgram.createSocket('udp4')
  t.later(() => {
    server.close()
    client.close()
  })
  server.bind(0, localhost)
  await once(server, 'listening')
  const received = once(server, 'message')
  await called((done) => send(client, server.address().port, done))
  return (await received)[0]
}

/** What a server receives for a body when `send(request)` has sent it. */
async function requested (t, send, { request } = http) {
  const isSecure = request === https.request
  let received
  const server = (isSecure ? https : http).createServer({ ...pair }, async (message, response) => {
    received = await collect(message)
    response.end('done')
  })
  const port = await listening(server, t)
  const sent = request({ port, host: localhost, method: 'POST', rejectUnauthorized: false, agent: false })
  t.later(() => sent.destroy())
  const answered = quiet(once(sent, 'response'))
  send(sent)
  const [response] = await answered
  await collect(response)
  return received
}

/** What a client receives when `send(response)` has sent it. */
async function responded (t, send) {
  const server = http.createServer((message, response) => tryTo(t, () => send(response)))
  const port = await listening(server, t)
  const request = http.get({ port, host: localhost, agent: false })
  t.later(() => request.destroy())
  request.on('error', () => {})
  const [response] = await once(request, 'response')
  return collect(response)
}

/** What is thrown in an event of the server is the outcome. */
function tryTo (t, action) {
  try {
    action()
  } catch (error) {
    t.fail(error)
  }
}

async function overHttp2 (t, send) {
  const server = http2.createServer()
  server.on('stream', (stream) => tryTo(t, () => {
    stream.respond()
    send(stream)
  }))
  return collect((await http2Client(server, t)).request())
}

async function http2Client (server, t) {
  const client = http2.connect(`http://${localhost}:${await listening(server, t)}`)
  t.later(() => client.destroy())
  return client
}

async function overTls (t, send) {
  const server = tls.createServer(pair)
  const port = await listening(server, t)
  const received = new Promise((resolve) => server.on('secureConnection', (socket) => resolve(collect(socket))))
  const socket = tls.connect({ port, host: localhost, rejectUnauthorized: false })
  t.later(() => socket.destroy())
  await once(socket, 'secureConnect')
  send(socket)
  return received
}

module.exports = {
  modules: { dgram, http, http2, https, net, tls },
  calls: {
    'net.Socket.write(a)': (a, t) => t.received(writes(a)),
    'net.Socket.end(a)': (a, t) => t.received((socket) => socket.end(a)),
    'net.Socket.write(a), corked': (a, t) => t.received(writesCorked('x', a, a)),
    'net.connect().write(a) before it is connected': (a, t) => t.received((socket) => socket.end(a)),
    'net.Socket.write(a) of 200 KiB': { bytes: large, run: (a, t) => t.received((socket) => socket.end(a)) },
    'net.createServer(), socket.write(a)': async (a, t) => {
      const server = net.createServer((socket) => tryTo(t, () => socket.end(a)))
      const client = net.connect(await listening(server, t), localhost)
      t.later(() => client.destroy())
      return collect(client)
    },
    'net.Socket({ onread: { buffer: a } })': {
      bytes: Buffer.alloc(64),
      run: async (a, t) => {
        const server = net.createServer((socket) => socket.end(something))
        const port = await listening(server, t)
        let read = 0
        const client = net.connect({ port, host: localhost, onread: { buffer: a, callback: (length) => { read += length } } })
        t.later(() => client.destroy())
        client.resume()
        await once(client, 'close')
        return read
      }
    },
    'dgram.Socket.send(a)': (a, t) => datagram(t, (socket, port, done) => socket.send(a, port, localhost, done)),
    'dgram.Socket.send(a, offset, length)': (a, t) => datagram(t, (socket, port, done) => socket.send(a, 4, 8, port, localhost, done)),
    'dgram.Socket.send([x, a])': (a, t) => datagram(t, (socket, port, done) => socket.send([Buffer.from('x'), a], port, localhost, done)),
    'dgram.createSocket(), connected, send(a)': (a, t) => datagram(t, (socket, port, done) => socket.connect(port, localhost, () => tryTo(t, () => socket.send(a, done)))),
    'http.ClientRequest.write(a)': (a, t) => requested(t, writes(a, a)),
    'http.ClientRequest.end(a)': (a, t) => requested(t, (request) => request.end(a)),
    'http.request({ content-length }).end(a)': (a, t) => requested(t, (request) => request.setHeader('content-length', 64).end(a)),
    'http.ServerResponse.write(a)': (a, t) => responded(t, writes(a)),
    'http.ServerResponse.end(a)': (a, t) => responded(t, (response) => response.end(a)),
    'http.OutgoingMessage.end(a) of 200 KiB': { bytes: large, run: (a, t) => responded(t, (response) => response.end(a)) },
    'http.createServer(), response.write(a), end(a)': (a, t) => responded(t, (response) => {
      response.write(a)
      response.end(a)
    }),
    'http.websocketMask(a, key)': (a) => after(Buffer.alloc(80), (output) => http.websocketMask(a, maskKey, output, 8, 64)),
    'http.websocketMask(x, key a)': {
      bytes: maskKey, run: (a) => after(Buffer.alloc(64), (output) => http.websocketMask(something, a, output, 0, 64))
    },
    'http.websocketMask(x, key, output a)': { bytes: room, run: (a) => http.websocketMask(something, maskKey, a, 4, 32) },
    'http.websocketUnmask(a, key)': (a) => http.websocketUnmask(a, maskKey),
    'https.request().end(a)': (a, t) => requested(t, (request) => request.end(a), https),
    'https.createServer({ key: a })': {
      bytes: keyText, run: (a) => typeof https.createServer({ cert: certificate, key: a })
    },
    'http2.createServer(), stream.end(a)': (a, t) => overHttp2(t, (stream) => stream.end(a)),
    'http2.createServer(), stream.write(a)': (a, t) => overHttp2(t, writes(a)),
    'http2.Http2ServerResponse.end(a)': async (a, t) => {
      const server = http2.createServer((request, response) => tryTo(t, () => response.end(a)))
      return collect((await http2Client(server, t)).request())
    },
    'http2.connect().request().end(a)': async (a, t) => {
      let received
      const server = http2.createServer()
      server.on('stream', async (stream) => {
        received = await collect(stream)
        stream.respond()
        stream.end()
      })
      const client = await http2Client(server, t)
      await collect(client.request({ ':method': 'POST' }).on('error', () => {}).end(a))
      return received
    },
    'http2.connect().ping(a)': {
      bytes: something.subarray(0, 8),
      run: async (a, t) => {
        const client = await http2Client(http2.createServer(), t)
        await once(client, 'connect')
        const [, payload] = await called((done) => client.ping(a, done))
        return payload
      }
    },
    'http2.connect().goaway(a)': async (a, t) => {
      const server = http2.createServer()
      const gone = new Promise((resolve) => server.on('session', (session) => session.on('goaway', (code, last, data) => resolve(data))))
      const client = await http2Client(server, t)
      client.on('error', () => {})
      await once(client, 'connect')
      client.goaway(0, 0, a)
      return gone
    },
    'http2.getUnpackedSettings(a)': {
      bytes: () => Buffer.concat([{ enablePush: false }, ...Array(3).fill({ maxFrameSize: 20000 })].map(http2.getPackedSettings)),
      run: (a) => http2.getUnpackedSettings(a)
    },
    'tls.TLSSocket.end(a)': (a, t) => overTls(t, (socket) => socket.end(a)),
    'tls.connect().write(a) of 16 KiB': { bytes: somethingOf(16 << 10), run: (a, t) => overTls(t, writes(a)) },
    'tls.createSecureContext({ key: a })': { bytes: keyText, run: (a) => typeof tls.createSecureContext({ key: a }) },
    'tls.createSecureContext({ cert: a })': { bytes: certificateText, run: (a) => typeof tls.createSecureContext({ cert: a }) },
    'tls.createSecureContext({ ca: a })': { bytes: certificateText, run: (a) => typeof tls.createSecureContext({ ca: a }) },
    'tls.createServer({ ticketKeys: a })': { bytes: somethingOf(48), run: (a) => tls.createServer({ ...pair, ticketKeys: a }).getTicketKeys() },
    'tls.Server.setTicketKeys(a)': {
      bytes: somethingOf(48),
      run: (a) => after(tls.createServer(pair), (server) => server.setTicketKeys(a)).getTicketKeys()
    },
    'tls.convertALPNProtocols([a])': (a) => after({}, (out) => tls.convertALPNProtocols([a], out)),
    'tls.convertALPNProtocols(a)': (a) => after({}, (out) => tls.convertALPNProtocols(a, out)),
    'tls.setDefaultCACertificates([a])': {
      bytes: certificateText,
      run: (a) => {
        const before = tls.getCACertificates('default')
        tls.setDefaultCACertificates([a])
        try {
          return tls.getCACertificates('default').length
        } finally {
          tls.setDefaultCACertificates(before)
        }
      }
    }
  },
  takesNoView: {
    dgram: '_createSocketHandle',
    http: `Agent CloseEvent IncomingMessage MessageEvent Server WebSocket _connectionListener get isValidHeaderName isValidHeaderValue
      setGlobalProxyFromEnv setMaxIdleHTTPParsers validateHeaderName validateHeaderValue`,
    http2: 'Http2ServerRequest createSecureServer getDefaultSettings getPackedSettings performServerHandshake',
    https: 'Agent Server get',
    net: `BlockList BoundSocket Server SocketAddress Stream _TransferredBoundSocket _createServerHandle _normalizeArgs createConnection
      getDefaultAutoSelectFamily getDefaultAutoSelectFamilyAttemptTimeout isIP isIPv4 isIPv6 setDefaultAutoSelectFamily
      setDefaultAutoSelectFamilyAttemptTimeout _setSimultaneousAccepts`,
    tls: 'SecureContext checkServerIdentity getCACertificates getCertificateCompressionAlgorithms getCiphers createSecurePair'
  }
}
