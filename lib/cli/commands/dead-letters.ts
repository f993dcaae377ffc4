import { nearest } from '../../core/nearest.ts';
import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { CommandInputError } from '../errors.ts';
import { count, doer } from '../option-values.ts';
import { type DeadLetters, findPlatform } from '../platform.ts';
import { counted } from '../print.ts';
import { timeText } from '../run-text.ts';

/**
 * `penstock dead-letters list`: JSON `[{ name, messages }]`. `show <queue>`: `[{ id, sentAt, error, message, run?, stage?,
 * chunk?, body }]`. `redrive <queue>` and `drop <queue>`: `{ queue, messages: [ids] }`.
 */
export const deadLetters: CommandFile = (program, act) => {
  const group = program.command('dead-letters').description('messages that were given up after three deliveries');
  group
    .command('list')
    .description('dead-letter queues, and how many messages each holds')
    .action(
      act(async ({ printer }) => {
        const found = await (await findPlatform().deadLetters()).queues();
        printer.data(found.map(({ name, messages }) => ({ name, messages })));
        printer.table(
          ['queue', 'messages'],
          found.map(({ name, messages }) => [name, messages]),
        );
      }),
    );
  group
    .command('show')
    .argument('<queue>', 'as "list" names it')
    .description('messages, and why they are here')
    .option('--limit <number>', 'how many', count, 20)
    .action(
      act(async ({ printer }, name: string, { limit }: { limit: number }) => {
        const letters = await findPlatform().deadLetters();
        const found = await letters.show(await queueOf(letters, name), limit);
        printer.data(found);
        if (found.length === 0) printer.line(`no dead letters in ${name}`);
        for (const { id, sentAt, error, message, run, stage, chunk } of found) {
          printer.line(`  ${id}  ${timeText(sentAt)} UTC${run ? `  ${run} ${stage} chunk ${chunk}` : ''}`);
          printer.line(`    ${printer.paint('red', error)}: ${message.split('\n')[0]}`);
        }
      }),
    );
  for (const action of ['redrive', 'drop'] as const) {
    group
      .command(action)
      .argument('<queue>', 'as "list" names it')
      .description(descriptions[action])
      .option('--message <id...>', 'these alone; default: all that are there')
      .option('--by <name>', 'who does it; kept in the audit', doer, currentUser())
      .action(
        act(async ({ printer }, name: string, { message, by }: { message?: readonly string[]; by: string }) => {
          const letters = await findPlatform().deadLetters();
          const queue = await queueOf(letters, name);
          const messages = await letters[action](queue, { by, ids: message });
          printer.data({ queue: name, messages });
          const verb = action === 'redrive' ? 'on the way again' : 'dropped';
          printer.line(`${counted(messages.length, 'message')} of ${name} ${verb}`);
        }),
      );
  }
};

const descriptions = {
  redrive: 'deliver messages once more, when the cause is mended',
  drop: 'delete messages that nobody needs any more',
};

async function queueOf(letters: DeadLetters, name: string) {
  const queues = await letters.queues();
  const found = queues.find((queue) => queue.name === name);
  if (found) return found;
  const names = queues.map((queue) => queue.name);
  const guess = nearest(name, names);
  throw new CommandInputError({
    problem: `there is no dead-letter queue "${name}"`,
    received: name,
    allowed: names,
    change: guess ? `did you mean "${guess}"?` : 'take a name from `npx penstock dead-letters list`',
  });
}
