import { hostname } from 'node:os'
import { newId } from '../message/identity.ts'

/** A name for a holder of leases that says in which process it lives: `4711@host/<id>`. */
export function leaseOwner(): string {
  return `${process.pid}@${hostname()}/${newId()}`
}

/**
 * Whether the process of a lease's owner has ended for sure: it ran on this machine, and there is no such process any
 * more. A store whose users all live on one machine need not wait until the lease of a killed process runs out.
 */
export function isOwnerGone(owner: string): boolean {
  const [, pid, host] = /^(\d+)@(.+)\/[^/]+$/.exec(owner) ?? []
  return pid !== undefined && host === hostname() && !isAlive(Number(pid))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It is there, but not ours.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
