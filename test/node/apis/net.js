'use strict'

// net, dgram, http, https, http2, tls: what is written at one end is what is read at the other.

const dgram = require('node:dgram')
const { once } = require('node:events')
const http = require('node:http')
const http2 = require('node:http2')
const https = require('node:https')
const net = require('node:net')
const tls = require('node:tls')
const { certificate, privateKey } = require('../certificate')
const { channels, http2Client, pair } = require('../channels')
const { after, called, collect, given, large, listening, localhost, room, something, somethingOf, text, writes, writesCorked } = require('../tools')

const keyText = text(privateKey, '\n')
const certificateText = text(certificate, '\n')
const maskKey = Buffer.from([1, 2, 3, 4])

const through = (open, write) => async (a, t) => {
  const { writable, readable } = await open(t)
  write(writable, a)
  return collect(await readable)
}

const channelCalls = {}
for (const [name, open] of Object.entries(channels)) {
  const end = through(open, (writable, a) => writable.end(a))
  const many = name.startsWith('tls') ? somethingOf(16 << 10) : large // Deno sends no more than some KiB over TLS at once
  channelCalls[`${name}().write(a)`] = through(open, (writable, a) => writes(a)(writable))
  channelCalls[`${name}().write(a), corked`] = through(open, (writable, a) => writesCorked('x', a, a)(writable))
  channelCalls[`${name}().end(a)`] = end
  channelCalls[`${name}().end(a) of ${many.length >> 10} KiB`] = given(many, end)
}

/** What arrives as a datagram; `args` are what is sent and a part of it. */
const datagram = (args, isConnected) => async (a, t) => {
  const [server, client] = [dgram.createSocket('udp4'), dgram.createSocket('udp4')]
  for (const socket of [server, client]) t.later(() => socket.close())
  server.bind(0, localhost)
  await once(server, 'listening')
  const { port } = server.address()
  if (isConnected) await called((done) => client.connect(port, localhost, done))
  const received = once(server, 'message')
  await called((done) => client.send(...args(a), ...isConnected ? [] : [port, localhost], done))
  return (await received)[0]
}

module.exports = {
  modules: { dgram, http, http2, https, net, tls },
  calls: {
    ...channelCalls,
    'net.Socket({ onread: { buffer: a } })': given(room, async (a, t) => {
      const port = await listening(net.createServer((socket) => socket.end(something)), t)
      let read = 0
      const client = net.connect({ port, host: localhost, onread: { buffer: a, callback: (length) => { read += length } } })
      t.later(() => client.destroy())
      client.resume()
      await once(client, 'close')
      return read
    }),
    'dgram.Socket.send(a)': datagram((a) => [a]),
    'dgram.Socket.send(a, offset, length)': datagram((a) => [a, 4, 8]),
    'dgram.Socket.send([x, a])': datagram((a) => [[Buffer.from('x'), a]]),
    'dgram.createSocket(), connected, send(a)': datagram((a) => [a], true),
    'http.websocketMask(a, key)': (a) => after(Buffer.alloc(80), (output) => http.websocketMask(a, maskKey, output, 8, 64)),
    'http.websocketMask(x, key a)': given(
      maskKey, (a) => after(Buffer.alloc(64), (output) => http.websocketMask(something, a, output, 0, 64))),
    'http.websocketMask(x, key, output a)': given(room, (a) => http.websocketMask(something, maskKey, a, 4, 32)),
    'http.websocketUnmask(a, key)': (a) => http.websocketUnmask(a, maskKey),
    'https.createServer({ key: a })': given(keyText, (a) => typeof https.createServer({ cert: certificate, key: a })),
    'http2.Http2ServerResponse.end(a)': async (a, t) => {
      const server = http2.createServer()
      const received = once(server, 'request')
      const stream = (await http2Client(server, t)).request()
      ;(await received)[1].end(a)
      return collect(stream)
    },
    'http2.connect().ping(a)': given(something.subarray(0, 8), async (a, t) => {
      const client = await http2Client(http2.createServer(), t)
      await once(client, 'connect')
      const [, payload] = await called((done) => client.ping(a, done))
      return payload
    }),
    'http2.connect().goaway(a)': async (a, t) => {
      const server = http2.createServer()
      const gone = new Promise((resolve) => server.on('session', (session) => session.on('goaway', (code, last, data) => resolve(data))))
      const client = await http2Client(server, t)
      await once(client, 'connect')
      client.goaway(0, 0, a)
      return gone
    },
    'http2.getUnpackedSettings(a)': given(
      () => Buffer.concat([{ enablePush: false }, ...Array(3).fill({ maxFrameSize: 20000 })].map(http2.getPackedSettings)),
      (a) => http2.getUnpackedSettings(a)),
    'tls.createSecureContext({ key: a })': given(keyText, (a) => typeof tls.createSecureContext({ key: a })),
    'tls.createSecureContext({ cert: a })': given(certificateText, (a) => typeof tls.createSecureContext({ cert: a })),
    'tls.createSecureContext({ ca: a })': given(certificateText, (a) => typeof tls.createSecureContext({ ca: a })),
    'tls.createServer({ ticketKeys: a })': given(somethingOf(48), (a) => tls.createServer({ ...pair, ticketKeys: a }).getTicketKeys()),
    'tls.Server.setTicketKeys(a)': given(
      somethingOf(48), (a) => after(tls.createServer(pair), (server) => server.setTicketKeys(a)).getTicketKeys()),
    'tls.convertALPNProtocols([a])': (a) => after({}, (out) => tls.convertALPNProtocols([a], out)),
    'tls.convertALPNProtocols(a)': (a) => after({}, (out) => tls.convertALPNProtocols(a, out)),
    'tls.setDefaultCACertificates([a])': given(certificateText, (a, t) => {
      const before = tls.getCACertificates('default')
      t.later(() => tls.setDefaultCACertificates(before))
      tls.setDefaultCACertificates([a])
      return tls.getCACertificates('default').length
    })
  },
  /** Also classes of which the calls above get instances. */
  takesNoView: {
    dgram: '_createSocketHandle',
    http: `Agent ClientRequest CloseEvent IncomingMessage MessageEvent OutgoingMessage Server ServerResponse WebSocket
      _connectionListener get isValidHeaderName isValidHeaderValue setGlobalProxyFromEnv setMaxIdleHTTPParsers validateHeaderName
      validateHeaderValue`,
    http2: 'Http2ServerRequest createSecureServer getDefaultSettings getPackedSettings performServerHandshake',
    https: 'Agent Server get',
    net: `BlockList BoundSocket Server SocketAddress Stream _TransferredBoundSocket _createServerHandle _normalizeArgs createConnection
      getDefaultAutoSelectFamily getDefaultAutoSelectFamilyAttemptTimeout isIP isIPv4 isIPv6 setDefaultAutoSelectFamily
      setDefaultAutoSelectFamilyAttemptTimeout _setSimultaneousAccepts`,
    tls: `SecureContext TLSSocket checkServerIdentity getCACertificates getCertificateCompressionAlgorithms getCiphers
      createSecurePair`
  }
}
