/** An actor as one would name it: a reaction's is `subscription:<name>`, and its name says enough. */
export function actorName(actor: string): string {
  return actor.startsWith('subscription:') ? actor.slice('subscription:'.length) : actor
}

/** The subscription that sent a command, if one did. */
export function subscriptionOf(actor: string | null): string | undefined {
  return actor?.startsWith('subscription:') ? actorName(actor) : undefined
}
