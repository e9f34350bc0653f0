import { readFileSync } from 'node:fs'
import type { ViewDatabase } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { Connection } from './connection.ts'
import { RedisViewStore } from './view-store.ts'

export interface RedisViewsOptions {
  /** `redis://user:password@host:6379/0`, or `rediss:` for TLS; better from the environment than in the code. */
  readonly url?: string | undefined
  /** A file that holds the URL, as orchestrators mount secrets. */
  readonly urlFile?: string | undefined
  /** What the names of all keys begin with; default `headwater:`. */
  readonly prefix?: string
  /** How long one command may take, in milliseconds; default 10,000. */
  readonly timeLimit?: number
  /** How many documents a query may look at one by one, where no index leads to it; default 10,000. */
  readonly mostScanned?: number
}

/**
 * Views in Redis (from 7.0). A commit is one script, so it is whole. Redis answers before its disk has it, unless
 * `appendfsync always` is set: after a loss the view folds again from where Redis stands.
 *
 * @throws HeadwaterError `app.invalid` where there is no URL, or it is none
 */
export function redisViews(options: RedisViewsOptions): ViewDatabase {
  const { prefix = 'headwater:', timeLimit = 10_000, mostScanned = 10_000 } = options
  const url = urlOf(options)
  const name = `redis:${url.hostname}:${url.port || 6379}${url.pathname}`
  return {
    name,
    open: () => new RedisViewStore(name, new Connection(name, url.href, timeLimit), { prefix, mostScanned }),
  }
}

/** Its text holds a password: it is never part of a message. */
function urlOf({ url, urlFile }: RedisViewsOptions): URL {
  const text = url ?? (urlFile === undefined ? undefined : readFileSync(urlFile, 'utf8').trim())
  if (text === undefined || text === '') throw invalid('there is no url, and no urlFile')
  const parsed = URL.canParse(text) ? new URL(text) : undefined
  if (parsed === undefined || !/^rediss?:$/.test(parsed.protocol))
    throw invalid('its url is not of the form redis://user:password@host:6379/0')
  return parsed
}

function invalid(why: string): HeadwaterError {
  return new HeadwaterError('app.invalid', `Views in Redis: ${why}`)
}
