// The shop with customers in it, for work on Studio: run this, then `npm run dev -w @headwater/studio`.
import { setTimeout as pause } from 'node:timers/promises'
import { startShop } from './shop.ts'
import { createVisits } from './shop-visits.ts'

const shop = await startShop({ port: Number(process.env.PORT ?? 4000) })
console.error(`Studio at ${shop.url}/studio/`)
const visit = createVisits(shop.client)
for (let count = 0; count < 300; count++) await visit()
for (;;) {
  await visit()
  await pause(200 + Math.random() * 1_200)
}
