import type { AppendRequest, Statement } from '@headwater/core'
import { Claims } from '@headwater/core/claims'
import type { Wave } from './wave.ts'

/**
 * Cuts requests into waves that are recorded one after the other, so that the results are those of one request after the
 * other. What writes documents or runs statements of users stands alone: whether it is recorded shows only then.
 */
export function wavesOf(requests: readonly AppendRequest[]): readonly Wave[] {
  const waves: Wave[] = []
  let wave = new GrowingWave()
  for (const request of requests) {
    if (!wave.tryAdd(request)) {
      wave = new GrowingWave()
      wave.tryAdd(request)
    }
    if (wave.requests.length === 1) waves.push({ branch: request.branch, requests: wave.requests })
  }
  return waves
}

class GrowingWave {
  readonly requests: AppendRequest[] = []
  readonly #claims = new Claims()
  readonly #commands = new Set<string>()

  tryAdd(request: AppendRequest): boolean {
    const [first] = this.requests
    const isOther =
      first !== undefined && (first.branch !== request.branch || isAlone(first) || isAlone(request))
    const command = request.command && `${request.tenant}/${request.commandId}`
    if (isOther || (command !== null && this.#commands.has(command)) || !this.#claims.tryAdd(request))
      return false
    if (command !== null) this.#commands.add(command)
    this.requests.push(request)
    return true
  }
}

/** Whether more than the function `append` knows of travels with a request. */
export function isAlone(request: AppendRequest): boolean {
  return request.documents.length > 0 || hasStatements(request)
}

export function hasStatements(
  request: AppendRequest,
): request is AppendRequest & { readonly statements: readonly Statement[] } {
  return request.statements !== undefined && request.statements.length > 0
}
