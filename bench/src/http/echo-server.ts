// The peer: Fastify with a validated POST that stores nothing and answers with the body.
import Fastify from 'fastify'
import { orderSchema } from './order.ts'
import { serving } from './serving.ts'

const server = Fastify()
server.post('/commands/PlaceOrder', { schema: { body: orderSchema } }, async (request) => request.body)
const address = await server.listen({ port: 0, host: '127.0.0.1' })
serving(address, () => server.close())
