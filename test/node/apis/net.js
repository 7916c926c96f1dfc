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
const { collect, room, something, somethingOf, text } = require('../tools')

const pair = { key: privateKey, cert: certificate }
const localhost = '127.0.0.1'
const maskKey = Buffer.from([1, 2, 3, 4])
const large = somethingOf(200 << 10)

async function listening (server, t) {
  server.listen(0, localhost)
  t.later(() => {
    server.close()
    server.closeAllConnections?.()
  })
  await once(server, 'listening')
  return server.address().port
}

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
  await t.orFail(new Promise((resolve, reject) => send(client, server.address().port, (error) => error ? reject(error) : resolve())))
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
  const answered = once(sent, 'response')
  answered.catch(() => {})
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
  const [response] = await t.orFail(once(request, 'response'))
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
  const port = await listening(server, t)
  const client = http2.connect(`http://${localhost}:${port}`)
  t.later(() => client.destroy())
  return t.orFail(collect(client.request()))
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
    'net.Socket.write(a)': (a, t) => t.received((socket) => {
      socket.write(a)
      socket.end()
    }),
    'net.Socket.end(a)': (a, t) => t.received((socket) => socket.end(a)),
    'net.Socket.write(a), corked': (a, t) => t.received((socket) => {
      socket.cork()
      socket.write('x')
      socket.write(a)
      socket.write(a)
      socket.uncork()
      socket.end()
    }),
    'net.connect().write(a) before it is connected': (a, t) => t.received((socket) => socket.end(a)),
    'net.Socket.write(a) of 200 KiB': { bytes: large, run: (a, t) => t.received((socket) => socket.end(a)) },
    'net.createServer(), socket.write(a)': async (a, t) => {
      const server = net.createServer((socket) => tryTo(t, () => socket.end(a)))
      const client = net.connect(await listening(server, t), localhost)
      t.later(() => client.destroy())
      return t.orFail(collect(client))
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
    'http.ClientRequest.write(a)': (a, t) => requested(t, (request) => {
      request.write(a)
      request.write(a)
      request.end()
    }),
    'http.ClientRequest.end(a)': (a, t) => requested(t, (request) => request.end(a)),
    'http.request({ content-length }).end(a)': (a, t) => requested(t, (request) => {
      request.setHeader('content-length', 64)
      request.end(a)
    }),
    'http.ServerResponse.write(a)': (a, t) => responded(t, (response) => {
      response.write(a)
      response.end()
    }),
    'http.ServerResponse.end(a)': (a, t) => responded(t, (response) => response.end(a)),
    'http.OutgoingMessage.end(a) of 200 KiB': { bytes: large, run: (a, t) => responded(t, (response) => response.end(a)) },
    'http.createServer(), response.write(a), end(a)': (a, t) => responded(t, (response) => {
      response.write(a)
      response.end(a)
    }),
    'http.websocketMask(a, key)': (a) => {
      const output = Buffer.alloc(80)
      http.websocketMask(a, maskKey, output, 8, 64)
      return output
    },
    'http.websocketMask(x, key a)': {
      bytes: maskKey,
      run: (a) => {
        const output = Buffer.alloc(64)
        http.websocketMask(something, a, output, 0, 64)
        return output
      }
    },
    'http.websocketMask(x, key, output a)': { bytes: room, run: (a) => http.websocketMask(something, maskKey, a, 4, 32) },
    'http.websocketUnmask(a, key)': (a) => http.websocketUnmask(a, maskKey),
    'https.request().end(a)': (a, t) => requested(t, (request) => request.end(a), https),
    'https.createServer({ key: a })': {
      bytes: text(privateKey, '\n'), run: (a) => typeof https.createServer({ cert: certificate, key: a })
    },
    'http2.createServer(), stream.end(a)': (a, t) => overHttp2(t, (stream) => stream.end(a)),
    'http2.createServer(), stream.write(a)': (a, t) => overHttp2(t, (stream) => {
      stream.write(a)
      stream.end()
    }),
    'http2.Http2ServerResponse.end(a)': async (a, t) => {
      const server = http2.createServer((request, response) => tryTo(t, () => response.end(a)))
      const client = http2.connect(`http://${localhost}:${await listening(server, t)}`)
      t.later(() => client.destroy())
      return t.orFail(collect(client.request()))
    },
    'http2.connect().request().end(a)': async (a, t) => {
      let received
      const server = http2.createServer()
      server.on('stream', async (stream) => {
        received = await collect(stream)
        stream.respond()
        stream.end()
      })
      const client = http2.connect(`http://${localhost}:${await listening(server, t)}`)
      t.later(() => client.destroy())
      const stream = client.request({ ':method': 'POST' }).on('error', () => {})
      stream.end(a)
      await collect(stream)
      return received
    },
    'http2.connect().ping(a)': {
      bytes: something.subarray(0, 8),
      run: async (a, t) => {
        const client = http2.connect(`http://${localhost}:${await listening(http2.createServer(), t)}`)
        t.later(() => client.destroy())
        await once(client, 'connect')
        return new Promise((resolve, reject) => {
          client.ping(a, (error, duration, payload) => error ? reject(error) : resolve(payload))
        })
      }
    },
    'http2.connect().goaway(a)': async (a, t) => {
      const server = http2.createServer()
      const gone = new Promise((resolve) => server.on('session', (session) => session.on('goaway', (code, last, data) => resolve(data))))
      const client = http2.connect(`http://${localhost}:${await listening(server, t)}`)
      t.later(() => client.destroy())
      client.on('error', () => {})
      await once(client, 'connect')
      client.goaway(0, 0, a)
      return gone
    },
    'http2.getUnpackedSettings(a)': { bytes: () => Buffer.concat([http2.getPackedSettings({ enablePush: false }), http2.getPackedSettings({ maxFrameSize: 20000 }), http2.getPackedSettings({ maxFrameSize: 20000 }), http2.getPackedSettings({ maxFrameSize: 20000 })]), run: (a) => http2.getUnpackedSettings(a) },
    'tls.TLSSocket.end(a)': (a, t) => overTls(t, (socket) => socket.end(a)),
    'tls.connect().write(a) of 16 KiB': {
      bytes: somethingOf(16 << 10),
      run: (a, t) => overTls(t, (socket) => {
        socket.write(a)
        socket.end()
      })
    },
    'tls.createSecureContext({ key: a })': { bytes: text(privateKey, '\n'), run: (a) => typeof tls.createSecureContext({ key: a }) },
    'tls.createSecureContext({ cert: a })': { bytes: text(certificate, '\n'), run: (a) => typeof tls.createSecureContext({ cert: a }) },
    'tls.createSecureContext({ ca: a })': { bytes: text(certificate, '\n'), run: (a) => typeof tls.createSecureContext({ ca: a }) },
    'tls.createServer({ ticketKeys: a })': { bytes: somethingOf(48), run: (a) => tls.createServer({ ...pair, ticketKeys: a }).getTicketKeys() },
    'tls.Server.setTicketKeys(a)': {
      bytes: somethingOf(48),
      run: (a) => {
        const server = tls.createServer(pair)
        server.setTicketKeys(a)
        return server.getTicketKeys()
      }
    },
    'tls.convertALPNProtocols([a])': (a) => {
      const out = {}
      tls.convertALPNProtocols([a], out)
      return out
    },
    'tls.convertALPNProtocols(a)': (a) => {
      const out = {}
      tls.convertALPNProtocols(a, out)
      return out
    },
    'tls.setDefaultCACertificates([a])': {
      bytes: text(certificate, '\n'),
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
