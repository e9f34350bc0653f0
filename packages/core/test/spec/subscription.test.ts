import { deriveId, reject, subscription } from '@headwater/core'
import { effects, spec } from '@headwater/core/spec'
import { describe, expect, test } from 'vitest'
import { ItemOrdered, pack, PackParcel, ParcelPacked, postOffice } from '../support/post-office.ts'
import { saidLater } from '../support/said.ts'

const tea = ItemOrdered({ item: 'tea' })
const packTea = PackParcel({ parcelId: '1-1', item: 'tea' })

const audit = subscription('audit', {
  events: [ItemOrdered],
  when: 'in-transaction',
  handle: ({ data: { item }, stream }, { append }) => {
    if (item === 'gold') throw new Error('Gold needs a second signature')
    append(`audit-${stream}`, [ParcelPacked({ item, label: 'audited' })])
  },
})

/** Sends something else each time: an id of its own making is no id by which a repeat is known. */
function forgetful() {
  let made = 0
  return subscription('forgetful', {
    events: [ItemOrdered],
    handle: async ({ data: { item } }, { execute }) => {
      await execute(PackParcel({ parcelId: `parcel-${(made += 1)}`, item }))
    },
  })
}

/** Packs again, with another label, what could not be packed. */
const insistent = subscription('insistent', {
  events: [ItemOrdered],
  handle: async ({ data: { item } }, { execute }) => {
    const outcome = await execute(PackParcel({ parcelId: '1', item }))
    if (outcome.status === 'rejected') await execute(PackParcel({ parcelId: '2', item: outcome.reason.code }))
  },
})

describe('a specification of a subscription', () => {
  test('expects the commands that are sent', async () => {
    await spec(pack).when('purchase-1', tea).thenSends(packTea)
    await spec(insistent)
      .when(tea)
      .thenSends(PackParcel({ parcelId: '1', item: 'tea' }))
  })

  test('expects nothing to be sent', async () => {
    await spec(postOffice().notify)
      .when('parcel-1', ParcelPacked({ item: 'tea', label: '' }))
      .thenSendsNothing()
  })

  test('does not look at what was sent for what was given', async () => {
    await spec(pack)
      .given('purchase-1', tea)
      .when('purchase-1', ItemOrdered({ item: 'cup' }))
      .thenSends(PackParcel({ parcelId: '1-2', item: 'cup' }))
  })

  test('answers commands as it is told', async () => {
    await spec(insistent)
      .answering(PackParcel, reject('no-paper'))
      .when(tea)
      .thenSends(PackParcel({ parcelId: '1', item: 'tea' }), PackParcel({ parcelId: '2', item: 'no-paper' }))
    await spec(pack)
      .answering(PackParcel, new Error('on strike'))
      .when('purchase-1', tea)
      .thenThrows('on strike')
  })

  test('hands the same over so many times, and the same is sent, with the same ids', async () => {
    await spec(pack)
      .when('purchase-1', tea, 'purchase-2', tea)
      .numberOfTimes(3)
      .thenSends(packTea, PackParcel({ parcelId: '2-1', item: 'tea' }))
  })

  test('hands over the key by which effects are had once', async () => {
    const { notify, mails } = postOffice()
    await spec(notify)
      .when('parcel-1', ParcelPacked({ item: 'tea', label: '' }), ParcelPacked({ item: 'cup', label: '' }))
      .numberOfTimes(2)
      .thenSendsNothing()
    expect([mails.all, mails.calls]).toEqual([['tea', 'cup'], 4])
  })

  test('gives commands the ids that the runtime gives them', async () => {
    const ids: string[] = []
    const noting = subscription('noting', {
      events: [ItemOrdered],
      handle: async (_event, { execute }) => {
        ids.push((await execute(packTea)).commandId)
      },
    })
    await spec(noting).when('purchase-1', tea).thenSends(packTea)
    expect(ids).toEqual([deriveId('reaction', 'noting', '019b76da-a800-7000-8000-000000000001.1', 1)])
  })

  test('expects what an in-transaction subscription records, and that it refuses', async () => {
    await spec(audit)
      .when('purchase-1', tea)
      .thenRecords('audit-purchase-1', ParcelPacked({ item: 'tea', label: 'audited' }))
    await spec(audit)
      .when('purchase-1', ItemOrdered({ item: 'gold' }))
      .thenThrows(/second signature/)
  })
})

describe('a failing expectation of a subscription says', () => {
  test('which command is not as expected', async () => {
    const expected = PackParcel({ parcelId: '1-1', item: 'cup' })
    expect(
      await saidLater(() => spec(pack).when('purchase-1', tea).thenSends(expected)),
    ).toMatchInlineSnapshot(`
      "
      pack: PackParcel is not as expected
        at data.item
          expected  'cup'
          actual    'tea'

      when    purchase-1  ItemOrdered  { item: 'tea' }
      then  -             PackParcel   { parcelId: '1-1', item: 'cup' }   ← expected
            +             PackParcel   { parcelId: '1-1', item: 'tea' }   ← sent
      "
    `)
  })

  test('which command was sent and not expected', async () => {
    expect(
      await saidLater(() => spec(pack).when('purchase-1', tea).thenSendsNothing()),
    ).toMatchInlineSnapshot(`
      "
      pack: PackParcel was sent, and not expected

      when    purchase-1  ItemOrdered  { item: 'tea' }
      then  +             PackParcel   { parcelId: '1-1', item: 'tea' }   ← sent
      "
    `)
  })

  test('that a repeat can not be known', async () => {
    const sending = spec(forgetful()).when('purchase-1', tea).numberOfTimes(2)
    const said = await saidLater(() => sending.thenSends(PackParcel({ parcelId: 'parcel-1', item: 'tea' })))
    expect(said).toMatchInlineSnapshot(`
      "
      forgetful: handed the same 2 times, it did not send the same, so that repeats have effects
        at [0].data.parcelId
          first time  'parcel-1'
          time 2      'parcel-2'

      when    purchase-1  ItemOrdered  { item: 'tea' }
      "
    `)
  })

  test('that the handler threw', async () => {
    const failing = spec(pack).answering(PackParcel, new Error('on strike')).when('purchase-1', tea)
    expect(await saidLater(() => failing.thenSends(packTea))).toMatchInlineSnapshot(`
      "
      pack threw Error: on strike

      when    purchase-1  ItemOrdered  { item: 'tea' }
      "
    `)
  })

  test('that it did not throw', async () => {
    expect(await saidLater(() => spec(pack).when('purchase-1', tea).thenThrows())).toMatchInlineSnapshot(`
      "
      pack was expected to throw, and did not

      when    purchase-1  ItemOrdered  { item: 'tea' }
      "
    `)
  })

  test('where it is recorded', async () => {
    const recording = spec(audit).when('purchase-1', tea)
    const event = ParcelPacked({ item: 'tea', label: 'audited' })
    expect(await saidLater(() => recording.thenRecords('audit-1', event))).toMatchInlineSnapshot(`
      "
      audit: ParcelPacked is not as expected
        at stream
          expected  'audit-1'
          actual    'audit-purchase-1'

      when    purchase-1        ItemOrdered   { item: 'tea' }
      then  - audit-1           ParcelPacked  { item: 'tea', label: 'audited' }   ← expected
            + audit-purchase-1  ParcelPacked  { item: 'tea', label: 'audited' }   ← recorded
      "
    `)
  })
})

describe('a stand-in for a system outside', () => {
  test('has each effect once', async () => {
    const mails = effects<string>()
    await mails.once('a', 'tea')
    await mails.once('a', 'tea')
    await mails.once('b', 'tea')
    expect([mails.all, mails.calls]).toEqual([['tea', 'tea'], 3])
  })

  test('takes no repeat that is another effect', async () => {
    const mails = effects<string>()
    await mails.once('a', 'tea')
    await expect(mails.once('a', 'cup')).rejects.toThrow('The key a was used before, with another effect')
  })
})
