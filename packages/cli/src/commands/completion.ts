import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { completionScript, shells } from '../completion/scripts.ts'
import { text } from '../command/options.ts'

export const completion = command({
  name: 'completion',
  summary: 'Print what makes a shell complete commands and options',
  examples: [
    ['source <(headwater completion bash)', 'for this bash; put it in ~/.bashrc to keep it'],
    ['source <(headwater completion zsh)', 'for this zsh; put it in ~/.zshrc to keep it'],
    ['headwater completion fish > ~/.config/fish/completions/headwater.fish', 'for fish'],
  ],
  arguments: { shell: { description: shells.join(', '), optional: true } },
  options: {
    name: text('<name>', 'What the command is called where it is completed', { default: 'headwater' }),
  },
  notes: [
    'Without a shell it goes by $SHELL. `npx headwater` is not completed: put node_modules/.bin on the path.',
  ],
  run: async ({ args, options, terminal, allCommands }) => {
    const wanted = args.shell ?? process.env['SHELL']?.split('/').at(-1)
    const shell = shells.find((known) => known === wanted)
    if (shell === undefined) {
      throw usageError(
        wanted === undefined
          ? 'completion needs a shell'
          : `There is no completion for ${JSON.stringify(wanted)}`,
        `Name one: ${shells.join(', ')}.`,
      )
    }
    if (!/^[\w.-]+$/.test(options.name))
      throw usageError(`--name is ${JSON.stringify(options.name)}`, 'Give the name of a command.')
    await terminal.print(completionScript(shell, options.name, await allCommands()))
  },
})
