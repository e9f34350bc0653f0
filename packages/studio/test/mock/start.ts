// A gateway that only pretends, for work on Studio alone: run this, then `npm run dev -w @headwater/studio`.
import { startFakeGateway } from './gateway.ts'

const port = Number(process.env.PORT ?? 4700)
const studio = new URL('../../dist', import.meta.url).pathname
const gateway = await startFakeGateway({ port, studio, visits: 400 })
console.error(`Fake gateway at ${gateway.url}/studio/`)
const next = () => {
  gateway.visit()
  setTimeout(next, 200 + Math.random() * 1500)
}
next()
