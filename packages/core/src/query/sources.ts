import type { Aggregate } from '../decide/aggregate.ts'
import type { MemoryImage } from '../image/image.ts'
import type { ImageReader } from '../image/runner.ts'
import type { StateOf } from '../handle/states.ts'
import type { Moment } from '../message/moment.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import type { Tables, TableTools } from '../log/tables.ts'
import type { ReadOptions, ViewReader } from '../view/reader.ts'
import type { SqlView } from '../view/view.ts'

/** What queries read from. */
export interface Sources {
  /** @throws HeadwaterError `view.unknown` */
  view(name: string): ViewReader<unknown>
  /** @throws HeadwaterError `image.unknown` */
  image<Types>(image: MemoryImage<string, Types>, tenant: string): ImageReader<Types>
  /** @throws HeadwaterError `store.no-sql`, `view.unknown`, `view.wait-timeout` */
  sql<Reader>(
    tables: Tables<string, TableTools, Reader> | SqlView<string, Reader>,
    options: ReadOptions,
  ): Promise<Reader>
  state(aggregate: Aggregate, id: string, tenant: string, at: Moment | undefined): Promise<StateOf<unknown>>
  stream(
    stream: string,
    options: { readonly after?: number; readonly tenant: string; readonly at: Moment | undefined },
  ): AsyncIterable<RecordedEvent>
  events(options: {
    readonly after?: number
    readonly types?: readonly string[]
    readonly tenant: string
    readonly signal: AbortSignal
    readonly at: Moment | undefined
  }): AsyncIterable<RecordedEvent>
  /** The last position of the log. */
  head(): Promise<number>
  /** When a moment was. @throws HeadwaterError `time.not-yet` */
  time(at: Moment): Promise<Date>
}
