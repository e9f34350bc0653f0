import { app } from 'headwater'
import { hall, seats } from './hall.ts'

export default app({
  name: 'tickets',
  description: 'Seats that many want, live',
  aggregates: [hall],
  views: [seats],
})
