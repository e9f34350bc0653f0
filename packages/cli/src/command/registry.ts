import type { Command } from './command.ts'

/** All commands, in the order of the help; each is loaded when it is asked for, so that help comes at once. */
const groups = {
  'Run an app': {
    dev: async () => (await import('../commands/dev.ts')).dev,
    serve: async () => (await import('../commands/serve.ts')).serve,
  },
  Record: {
    send: async () => (await import('../commands/send.ts')).send,
    append: async () => (await import('../commands/append.ts')).append,
    import: async () => (await import('../commands/import.ts')).importCommand,
  },
  Look: {
    read: async () => (await import('../commands/read.ts')).read,
    tail: async () => (await import('../commands/tail.ts')).tail,
    state: async () => (await import('../commands/state.ts')).state,
    view: async () => (await import('../commands/view.ts')).viewCommand,
  },
  'Look after it': {
    export: async () => (await import('../commands/export.ts')).exportCommand,
    bench: async () => (await import('../commands/bench.ts')).bench,
    doctor: async () => (await import('../commands/doctor.ts')).doctor,
  },
} satisfies Record<string, Record<string, () => Promise<Command>>>

const loaders = new Map<string, () => Promise<Command>>(
  Object.values(groups).flatMap((group) => Object.entries(group)),
)

export const commandNames: readonly string[] = [...loaders.keys()]

export function findCommand(name: string): Promise<Command> | undefined {
  return loaders.get(name)?.()
}

export function allCommands(): Promise<
  readonly { readonly title: string; readonly commands: readonly Command[] }[]
> {
  return Promise.all(
    Object.entries(groups).map(async ([title, group]) => ({
      title,
      commands: await Promise.all(Object.values<() => Promise<Command>>(group).map((load) => load())),
    })),
  )
}
