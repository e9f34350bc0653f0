import type { Catalog } from './catalog.ts'

/** A name that will mislead its readers. */
export interface NamingFinding {
  readonly kind: 'event' | 'command'
  readonly name: string
  readonly message: string
}

/** Past forms that don't end in -ed. */
const irregular = new Set(
  `become been begun bent bitten blown born bought bound broken brought built burnt cast caught chosen come cut dealt done drawn
  driven drunk eaten fallen fed felt forgotten found frozen given gone grown had heard held hidden hit hurt kept known laid led
  left lent let lit lost made meant met mistaken overdrawn overridden overtaken overwritten paid put quit read rebuilt redone
  repaid reset resent resold rewritten ridden risen run said seen sent set shown shut sold spent split spread stolen stood struck
  sworn taken taught thought thrown told torn undone undertaken understood unwound upset withdrawn withheld won worn wound written`.split(
    /\s+/,
  ),
)

/** Words in -ed that are no past forms. */
const present = new Set(
  'bed breed embed exceed feed heed need proceed seed shed speed succeed weed'.split(' '),
)

/** Names of events that aren't in the past tense, and of commands that aren't in the imperative. */
export function lintNames(catalog: Catalog): readonly NamingFinding[] {
  const events = catalog.events
    .filter(({ name }) => !wordsOf(name).some(isPast))
    .map(({ name }) => ({
      kind: 'event' as const,
      name,
      message: `${name} is a fact and should be in the past tense, such as OrderPlaced or user.created`,
    }))
  const commands = catalog.commands
    .filter(({ name }) => isPast(wordsOf(name)[0] ?? '') && !irregularImperatives.has(wordsOf(name)[0] ?? ''))
    .map(({ name }) => ({
      kind: 'command' as const,
      name,
      message: `${name} asks for something and should be in the imperative, such as PlaceOrder`,
    }))
  return [...events, ...commands]
}

/** Verbs whose past and imperative are the same word. */
const irregularImperatives = new Set(
  'become cast come cut hit hurt let put quit read reset run set shut split spread upset'.split(' '),
)

/** `OrderPlaced`, `user.created` and `HTTP_request_failed` in words, in lower case. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s._]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())
}

function isPast(word: string): boolean {
  return irregular.has(word) || (word.length > 3 && word.endsWith('ed') && !present.has(word))
}
