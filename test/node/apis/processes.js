'use strict'

// child_process, worker_threads, and what passes values between threads.

const childProcess = require('node:child_process')
const { once } = require('node:events')
const workerThreads = require('node:worker_threads')
const { echo } = require('../channels')
const { given, large } = require('../tools')

const { BroadcastChannel, MessageChannel, receiveMessageOnPort, Worker } = workerThreads

const commandOf = (program, args) => [program, ...args].map((word) => `"${word}"`).join(' ')

async function echoed (t, serialization, a) {
  const child = childProcess.fork(t.file("process.on('message', (message) => process.send(message))"), { serialization })
  t.later(() => child.kill('SIGKILL'))
  child.send({ a })
  return (await once(child, 'message'))[0]
}

/** What comes out of a channel when `post(port)` has put it in. */
function posted (t, post) {
  const { port1, port2 } = new MessageChannel()
  t.later(() => port1.close())
  post(port1)
  return receiveMessageOnPort(port2)?.message
}

const echoes = "const { parentPort, workerData } = require('node:worker_threads'); parentPort.postMessage(workerData); parentPort.on('message', (message) => parentPort.postMessage(message))"

/** What a worker posts, or what it posts after `post(worker)`. */
async function firstMessage (t, { source = echoes, ...options }, post) {
  const worker = new Worker(source, { ...options, eval: true })
  t.later(() => worker.terminate())
  const [first] = await once(worker, 'message')
  if (post === undefined) return first
  post(worker)
  return (await once(worker, 'message'))[0]
}

module.exports = {
  modules: { child_process: childProcess, worker_threads: workerThreads, globalThis },
  calls: {
    'child_process.spawnSync({ input: a })': (a) => {
      const { stdout, error } = childProcess.spawnSync(...echo, { input: a })
      if (error !== undefined) throw error
      return stdout
    },
    'child_process.execFileSync({ input: a })': (a) => childProcess.execFileSync(...echo, { input: a }),
    'child_process.execSync({ input: a })': (a) => childProcess.execSync(commandOf(...echo), { input: a }),
    'child_process.fork().send(a)': async (a, t) => (await echoed(t, 'json', a)).a[1],
    'child_process.fork({ serialization: advanced }).send(a)': (a, t) => echoed(t, 'advanced', a),
    'worker_threads.MessageChannel, postMessage({ a })': (a, t) => posted(t, (port) => port.postMessage({ a, b: [a] })),
    'worker_threads.MessagePort.postMessage(a, [a.buffer])': (a, t) => posted(t, (port) => port.postMessage(a, [a.buffer])),
    'worker_threads.MessagePort.postMessage(a, [a])': (a, t) => posted(t, (port) => port.postMessage(a, [a])),
    'worker_threads.receiveMessageOnPort of a of 200 KiB': given(large, (a, t) => posted(t, (port) => port.postMessage(a))),
    'worker_threads.BroadcastChannel, postMessage(a)': (a, t) => {
      const [one, other] = [new BroadcastChannel('smalloc'), new BroadcastChannel('smalloc')]
      t.later(() => {
        one.close()
        other.close()
      })
      one.postMessage(a)
      return receiveMessageOnPort(other)?.message
    },
    'worker_threads.Worker({ workerData: a })': (a, t) => firstMessage(t, { workerData: a }),
    'worker_threads.Worker({ workerData: a, transferList: [a.buffer] })': (a, t) => firstMessage(t, { workerData: { a }, transferList: [a.buffer] }),
    'worker_threads.Worker.postMessage(a)': (a, t) => firstMessage(t, {}, (worker) => worker.postMessage(a)),
    'worker_threads.setEnvironmentData(key, a)': async (a, t) => {
      workerThreads.setEnvironmentData('smalloc', a)
      t.later(() => workerThreads.setEnvironmentData('smalloc', undefined))
      const source = "const { getEnvironmentData, parentPort } = require('node:worker_threads'); parentPort.postMessage(getEnvironmentData('smalloc'))"
      return firstMessage(t, { source })
    },
    'worker_threads.markAsUntransferable(a)': (a, t) => {
      workerThreads.markAsUntransferable(a)
      return posted(t, (port) => port.postMessage(a))
    },
    'worker_threads.isMarkedAsUntransferable(a)': (a) => workerThreads.isMarkedAsUntransferable(a),
    'worker_threads.markAsUncloneable(a)': (a, t) => {
      workerThreads.markAsUncloneable(a)
      return posted(t, (port) => port.postMessage(a))
    },
    'globalThis.structuredClone({ a })': (a) => structuredClone({ a, b: [a] }),
    'globalThis.structuredClone(a, { transfer: [a.buffer] })': (a) => structuredClone(a, { transfer: [a.buffer] }),
    'globalThis.structuredClone(a) of 200 KiB': given(large, (a) => structuredClone(a))
  },
  takesNoView: {
    child_process: 'ChildProcess _forkChild exec execFile',
    worker_threads: 'getEnvironmentData moveMessagePortToContext postMessageToThread'
  }
}
