import type { NewEvent } from '../message/event.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { History } from './history.ts'
import type { StoryLine } from './print.ts'
import type { Setting } from './setting.ts'
import { virtualIds } from './virtual-ids.ts'

/** An event in its stream; undefined: nobody said in which. */
export interface PlacedEvent {
  readonly stream: string | undefined
  readonly event: NewEvent
  readonly setting: Setting
}

/** A text names the stream of the events that follow it. */
export function placed(items: readonly (string | NewEvent)[], setting: Setting): readonly PlacedEvent[] {
  let stream: string | undefined
  return items.flatMap((item) => {
    if (typeof item !== 'string') return [{ stream, event: item, setting }]
    stream = item
    return []
  })
}

export function lineOf(word: StoryLine['word'], { stream, event }: PlacedEvent): StoryLine {
  return { word, ...(stream !== undefined && { where: stream }), type: event.type, data: event.data }
}

/** The events as a reader of the log gets them. */
export function recorded(events: readonly PlacedEvent[]): readonly RecordedEvent[] {
  const history = new History()
  let now = 0
  const newId = virtualIds(() => now)
  return events.flatMap(({ stream, event, setting }) => {
    now = setting.now
    const by = { ...setting, commandId: newId(), correlationId: null, causationId: '' }
    const made = history.record(stream ?? 'unnamed', [event], by)
    return stream === undefined ? made.map(withoutStream) : made
  })
}

/** A stream that nobody named is no stream that somebody may look at. */
function withoutStream(event: RecordedEvent): RecordedEvent {
  return new Proxy(event, {
    get: (target, field) => {
      if (field === 'stream' || field === 'aggregateId') {
        throw new TypeError(
          `The ${String(field)} of ${event.type} is needed: say in which stream it is, given('order-17', ${event.type}({ … }))`,
        )
      }
      return Reflect.get(target, field, target)
    },
  })
}
