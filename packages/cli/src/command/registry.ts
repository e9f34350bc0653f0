import type { Command } from './command.ts'

/** All commands, in the order of the help; each is loaded when it is asked for, so that help comes at once. */
const groups = {
  'Run an app': {
    new: async () => (await import('../commands/new.ts')).newCommand,
    dev: async () => (await import('../commands/dev.ts')).dev,
    serve: async () => (await import('../commands/serve.ts')).serve,
  },
  Record: {
    send: async () => (await import('../commands/send.ts')).send,
    append: async () => (await import('../commands/append.ts')).append,
    amend: async () => (await import('../commands/amend.ts')).amend,
    revert: async () => (await import('../commands/revert.ts')).revert,
    import: async () => (await import('../commands/import.ts')).importCommand,
  },
  Look: {
    read: async () => (await import('../commands/read.ts')).read,
    search: async () => (await import('../commands/search.ts')).search,
    trace: async () => (await import('../commands/trace.ts')).trace,
    tail: async () => (await import('../commands/tail.ts')).tail,
    state: async () => (await import('../commands/state.ts')).state,
    debug: async () => (await import('../commands/debug.ts')).debugCommand,
    rule: async () => (await import('../commands/rule.ts')).ruleCommand,
    view: async () => (await import('../commands/view.ts')).viewCommand,
    forecast: async () => (await import('../commands/forecast.ts')).forecastCommand,
    predict: async () => (await import('../commands/predict.ts')).predictCommand,
    query: async () => (await import('../commands/query.ts')).queryCommand,
    external: async () => (await import('../commands/external.ts')).externalCommand,
  },
  'Look after it': {
    processor: async () => (await import('../commands/processor.ts')).processorCommand,
    parked: async () => (await import('../commands/parked.ts')).parkedCommand,
    catalog: async () => (await import('../commands/catalog.ts')).catalog,
    draw: async () => (await import('../commands/draw.ts')).draw,
    branch: async () => (await import('../commands/branch.ts')).branchCommand,
    export: async () => (await import('../commands/export.ts')).exportCommand,
    migrate: async () => (await import('../commands/migrate.ts')).migrate,
    bench: async () => (await import('../commands/bench.ts')).bench,
    segment: async () => (await import('../commands/segment.ts')).segmentCommand,
    snapshot: async () => (await import('../commands/snapshot.ts')).snapshot,
    doctor: async () => (await import('../commands/doctor.ts')).doctor,
    completion: async () => (await import('../commands/completion.ts')).completion,
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
