import { connect } from 'node:net'

/** Sends bytes as they are and gives everything that comes back until the server closes or falls silent. */
export function sendRaw(port: number, bytes: string | Buffer, silence?: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    let timer: NodeJS.Timeout | undefined
    const done = (): void => {
      socket.destroy()
      resolve(answer)
    }
    const wait = (): void => {
      clearTimeout(timer)
      timer = setTimeout(done, silence ?? (answer === '' ? 60_000 : 300))
    }
    socket.on('connect', () => {
      socket.write(bytes)
      wait()
    })
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('utf8')
      wait()
    })
    socket.on('end', done)
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') done()
      else reject(error)
    })
  })
}

/** The status of a raw answer. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
}
