import { nearest } from '../../core/nearest.ts';
import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { CommandInputError } from '../errors.ts';
import { doer } from '../option-values.ts';
import { type Circuit, findPlatform } from '../platform.ts';
import { timeText } from '../run-text.ts';

/**
 * `penstock circuits list`: systems outside that have failed, and whether they are called. JSON: `[{ system, state: 'closed'
 * | 'open' | 'half-open', failures, since, retryAt?, delay?, error?, pipeline, by?, at, version }]`, times in milliseconds.
 * `show <system>`: one of them. `close <system>`: `{ system, state: 'closed', by }`.
 */
export const circuits: CommandFile = (program, act) => {
  const group = program
    .command('circuits')
    .description('systems that are left alone because they failed again and again');
  group
    .command('list')
    .description('systems outside that have failed, and whether they are called')
    .action(
      act(async ({ printer }) => {
        const found = await findPlatform().circuits.list();
        printer.data(found);
        if (found.length === 0) return printer.line('no system outside has failed');
        printer.table(
          ['system', 'circuit', 'failures', 'since (UTC)', 'tried again (UTC)', 'last error'],
          found.map((one) => [
            one.system,
            one.state,
            one.failures,
            timeText(one.since),
            one.retryAt === undefined ? '' : timeText(one.retryAt),
            one.error ?? '',
          ]),
        );
      }),
    );
  group
    .command('show')
    .argument('<system>', 'as "list" names it')
    .description('one system: since when it is left alone, why, and when it is tried again')
    .action(
      act(async ({ printer }, system: string) => {
        const one = requireCircuit(await findPlatform().circuits.list(), system);
        printer.data(one);
        printer.heading(`${one.system}  ${one.state}`);
        printer.line(`  since     ${timeText(one.since)} UTC`);
        printer.line(`  failures  ${one.failures}${one.error === undefined ? '' : `, the last one ${one.error}`}`);
        if (one.retryAt !== undefined) printer.line(`  tried     ${timeText(one.retryAt)} UTC, by one call alone`);
        printer.line(`  changed   ${timeText(one.at)} UTC by ${one.by ?? `pipeline ${one.pipeline}`}`);
      }),
    );
  group
    .command('close')
    .argument('<system>', 'as "list" names it')
    .description('call a system again at once, because it works again')
    .option('--by <name>', 'who does it; kept in the audit', doer, currentUser())
    .action(
      act(async ({ printer }, name: string, { by }: { by: string }) => {
        const platform = findPlatform();
        const { system } = requireCircuit(await platform.circuits.list(), name);
        await platform.closeCircuit({ system, by });
        printer.data({ system, state: 'closed', by });
        printer.line(`${system} is called again`);
      }),
    );
};

function requireCircuit(found: readonly Circuit[], system: string): Circuit {
  const circuit = found.find((one) => one.system === system);
  if (circuit) return circuit;
  const names = found.map((one) => one.system);
  const guess = nearest(system, names);
  throw new CommandInputError({
    problem: `no system "${system}" has ever failed`,
    received: system,
    allowed: names.length > 0 ? names : 'none: no system outside has failed',
    change: guess ? `did you mean "${guess}"?` : 'nothing was changed; take a name from `npx penstock circuits list`',
  });
}
