import { virtualClock } from '@headwater/core/spec'
import { describe, expect, test } from 'vitest'

const minute = 60_000
const never = new AbortController().signal

describe('a virtual clock', () => {
  test('stands still until it is told to go on', async () => {
    const clock = virtualClock({ at: '2026-11-01' })
    expect(new Date(clock.now()).toISOString()).toBe('2026-11-01T00:00:00.000Z')
    await clock.settled()
    expect(clock.now()).toBe(Date.UTC(2026, 10, 1))
    await clock.advance({ days: 1, hours: 2, minutes: 3, seconds: 4, milliseconds: 5 })
    expect(new Date(clock.now()).toISOString()).toBe('2026-11-02T02:03:04.005Z')
    clock.set('2026-11-01T12:00:00Z')
    expect(clock.now()).toBe(Date.UTC(2026, 10, 1, 12))
  })

  test('refuses what is no time', () => {
    expect(() => virtualClock({ at: 'tomorrow' })).toThrow('"tomorrow" is no time')
  })

  test('lets what falls due on the way happen in its order, each at its time', async () => {
    const clock = virtualClock({ at: new Date(0) })
    const seen: [string, number][] = []
    const note = (name: string) => () => void seen.push([name, clock.now()])
    void clock.sleep(3 * minute, never).then(note('sleeper'))
    void clock.idle(minute, never).then(note('idler'))
    const stop = clock.every(2 * minute, note('beat'))
    await clock.advance(5 * minute)
    stop()
    await clock.advance(5 * minute)
    expect(seen).toEqual([
      ['idler', minute],
      ['beat', 2 * minute],
      ['sleeper', 3 * minute],
      ['beat', 4 * minute],
    ])
  })

  test('lets what follows from one thing happen before the next, through any number of turns', async () => {
    const clock = virtualClock({ at: new Date(0) })
    const seen: string[] = []
    const work = async (): Promise<void> => {
      await clock.sleep(minute)
      await clock.track('a part of it', async () => {
        for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
      })
      seen.push('first')
      await clock.sleep(30_000)
      seen.push('second')
    }
    void clock.track('work', work)
    void clock.sleep(2 * minute).then(() => seen.push('third'))
    await clock.advance(2 * minute)
    expect(seen).toEqual(['first', 'second', 'third'])
  })

  test('goes on by itself only where work waits', async () => {
    const clock = virtualClock({ at: new Date(0) })
    let beats = 0
    const stop = clock.every(minute, () => void (beats += 1))
    void clock.idle(minute, never)
    await clock.quiet()
    expect([clock.now(), beats]).toEqual([0, 0])
    let isDone = false
    void clock.sleep(5 * minute).then(() => (isDone = true))
    await clock.quiet()
    expect([clock.now(), beats, isDone]).toEqual([5 * minute, 4, true])
    stop()
  })

  test('says so where work waits for time without end', async () => {
    const clock = virtualClock()
    const restless = async (): Promise<never> => {
      for (;;) await clock.sleep(minute)
    }
    void restless()
    await expect(clock.quiet()).rejects.toThrow('Work waits for time again and again')
  })

  test('wakes a sleeper whose signal is aborted', async () => {
    const clock = virtualClock()
    const abort = new AbortController()
    const sleeping = clock.sleep(minute, abort.signal)
    abort.abort()
    await sleeping
    await clock.sleep(minute, abort.signal)
    await clock.quiet()
    expect(clock.now()).toBe(virtualClock().now())
  })

  test('waits for what is under way, and says what does not end', async () => {
    const clock = virtualClock({ patience: 30 })
    let isDone = false
    void clock.track('a quick thing', async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      isDone = true
    })
    await clock.settled()
    expect(isDone).toBe(true)
    void clock.track('an endless thing', () => new Promise(() => undefined))
    await expect(clock.settled()).rejects.toThrow(
      'Nothing has ended for 30 ms; still under way: an endless thing',
    )
  })

  test('makes ids that hold its time and are the same in every run', () => {
    const clock = virtualClock({ at: '2026-11-01' })
    const [one, two] = [clock.newId(), clock.newId()]
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7000-8000-000000000001$/)
    expect(two).not.toBe(one)
    expect(virtualClock({ at: '2026-11-01' }).newId()).toBe(one)
    expect(Number.parseInt(one.replaceAll('-', '').slice(0, 12), 16)).toBe(clock.now())
  })
})
