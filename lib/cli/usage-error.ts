import type { Command, CommanderError } from 'commander';
import { CommandUsageError } from './errors.ts';

/** Says in four parts how a command was written wrongly. */
export function usageError(error: CommanderError, command: Command): CommandUsageError {
  if (error.code === 'commander.help') return missingCommand(command);
  const [first = '', ...others] = error.message.replace(/^error: /, '').split('\n');
  const guess = /\(Did you mean (.*?)\??\)/.exec(others.join(' '))?.[1];
  const name = fullName(command);
  return new CommandUsageError({
    problem: first.replace(/\.$/, ''),
    received: received(error.code, first, command),
    allowed: allowed(error.code, command),
    change: guess ? `did you mean "${guess}"?` : `see \`${name} --help\``,
    cause: error,
  });
}

/** What stands in quotes is what was written, but where it names what was not. */
function received(code: string, message: string, command: Command): readonly string[] | string {
  if (code === 'commander.excessArguments') return command.args;
  return (!/^commander\.(missing|optionMissing)/.test(code) && /'([^']*)'/.exec(message)?.[1]) || 'nothing';
}

function allowed(code: string, command: Command): readonly string[] | string {
  if (code === 'commander.unknownCommand') return command.commands.map((one) => one.name());
  if (code === 'commander.unknownOption')
    return command
      .createHelp()
      .visibleOptions(command)
      .map(({ flags }) => flags);
  return `${fullName(command)} ${command.usage()}`;
}

function missingCommand(command: Command): CommandUsageError {
  return new CommandUsageError({
    problem: 'a command is missing',
    received: 'nothing',
    allowed: command.commands.map((one) => one.name()),
    change: `see \`${fullName(command)} --help\``,
  });
}

/** `penstock run show`. */
function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}
