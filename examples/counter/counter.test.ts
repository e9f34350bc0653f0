import { like, spec } from 'headwater/spec'
import { test } from 'vitest'
import app, { counter, Increment, Incremented, totals } from './counter.ts'

test('a counter begins at nothing and counts by one unless told otherwise', () => {
  spec(counter)
    .when(Increment({ counterId: 'a' }))
    .then(Incremented({ by: 1 }))
    .thenState({ value: 1 })
  spec(counter)
    .given(Incremented({ by: 1 }))
    .when(Increment({ counterId: 'a', by: 41 }))
    .thenState({ value: 42 })
})

test('a counter refuses to go above a hundred, and stays where it was', () => {
  spec(counter)
    .given(Incremented({ by: 99 }))
    .when(Increment({ counterId: 'a', by: 2 }))
    .thenRejected('too-high', { message: '99 + 2 is more than 100' })
    .thenState({ value: 99 })
})

test('the totals add up what was counted', async () => {
  spec(totals)
    .given('counter-a', Incremented({ by: 20 }), Incremented({ by: 22 }))
    .then({ a: { total: 42, times: 2 } })
  await spec(app)
    .when(Increment({ counterId: 'a', by: 42 }))
    .thenDocument(totals, 'a', like({ total: 42 }))
})
