import { isExport } from '../../component/output-place.ts';
import { nearest } from '../../core/nearest.ts';
import type { CommandFile } from '../command.ts';
import { CommandInputError } from '../errors.ts';
import { size } from '../option-values.ts';
import { findPlatform, type Platform } from '../platform.ts';
import { bytes, counted } from '../print.ts';

/**
 * `penstock compact <table>`: replaces small files by few with the same rows, in one step that a run which publishes
 * meanwhile wins. Files of older versions stay.
 * JSON: `{ table, version, before: { files, rows, bytes }, after: { files, rows, bytes } }`.
 */
export const compact: CommandFile = (program, act) => addCompact(program, act);

/** Adds the command below another one, or at the top. */
export function addCompact(parent: Parameters<CommandFile>[0], act: Parameters<CommandFile>[1]): void {
  parent
    .command('compact')
    .argument('<table>', 'a curated table')
    .description('merge the small files of a table')
    .option('--file-size <bytes>', 'size of a file to aim at; default: that of the sink, else 256MiB', size)
    .action(
      act(async ({ printer }, table: string, { fileSize }: { fileSize?: number }) => {
        const platform = findPlatform();
        await requireTable(platform, table);
        const compacted = await platform.compact({ table, ...(fileSize !== undefined && { fileBytes: fileSize }) });
        printer.data(compacted);
        const { before, after, version } = compacted;
        const totals = (of: typeof before) => `${counted(of.files, 'file')} (${bytes(of.bytes)})`;
        if (before.files === after.files) printer.line(`  ${table} stays as it is: ${totals(after)}`);
        else printer.line(`  ${table} has ${totals(after)} in the place of ${totals(before)}, as version ${version}`);
      }),
    );
}

async function requireTable({ tables }: Platform, table: string): Promise<void> {
  const names = (await tables.tables()).map((one) => one.table).filter((name) => !isExport(name));
  if (names.includes(table)) return;
  const guess = nearest(table, names);
  throw new CommandInputError({
    problem: isExport(table) ? 'an export belongs to its readers and is not merged' : 'there is no such table',
    received: table,
    allowed: names.length > 0 ? names : 'nothing yet: no table was published',
    change: guess ? `did you mean "${guess}"?` : 'name a table that a run has published',
  });
}
