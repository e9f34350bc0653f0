// The load, in a process of its own, so that it doesn't take the servers' time. Asked over and over, it stays warm.
import autocannon from 'autocannon'
import type { LoadAnswer, LoadRequest } from './servers.ts'
import { orderBodies } from './order.ts'

process.on('message', (message) => {
  fire(message as LoadRequest).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function fire({ address, connections, seconds, streams }: LoadRequest): Promise<LoadAnswer> {
  const nextBody = orderBodies(streams)
  const result = await autocannon({
    url: address,
    connections,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        path: '/commands/PlaceOrder',
        headers: { 'content-type': 'application/json' },
        setupRequest: (request) => ({ ...request, body: nextBody() }),
      },
    ],
  })
  return {
    perSecond: result['2xx'] / result.duration,
    accepted: result['2xx'],
    refused: result.non2xx,
    errors: result.errors + result.timeouts,
  }
}
