/** What is to be drawn, before it has a place. */
export interface Picture {
  readonly title: string
  readonly direction: 'down' | 'right'
  readonly nodes: readonly PictureNode[]
  readonly edges: readonly PictureEdge[]
  readonly groups: readonly PictureGroup[]
}

/** A `header` heads a group, and is where one begins in it; `start` is where one begins outside of all. */
export type NodeKind =
  | 'start'
  | 'header'
  | 'state'
  | 'final'
  | 'command'
  | 'aggregate'
  | 'event'
  | 'view'
  | 'subscription'

export interface PictureNode {
  readonly id: string
  readonly kind: NodeKind
  /** The first one is its name. */
  readonly lines: readonly Line[]
  /** The group that it lies in. */
  readonly group: string | undefined
}

export interface PictureGroup {
  readonly id: string
  /** Stands on its border; groups with a header have none. */
  readonly title?: string
  readonly group: string | undefined
}

export interface PictureEdge {
  readonly from: string
  readonly to: string
  readonly lines: readonly Line[]
  /** The groups at whose borders it begins and ends, where that is not at the nodes. */
  readonly fromGroup?: string | undefined
  readonly toGroup?: string | undefined
}

export interface Line {
  readonly text: string
  readonly kind: 'name' | 'command' | 'event' | 'note'
}

export const fontSize = { name: 13, command: 12, event: 12, note: 11 } as const
export const lineHeight = 16
/** Of the dot where one begins, across. */
export const dotSize = 12
