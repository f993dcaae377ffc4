import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { doer, size } from '../option-values.ts';
import { findPlatform } from '../platform.ts';
import { bytes, counted } from '../print.ts';
import { requireTable } from '../require-table.ts';

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
    .option('--by <name>', 'who does it; kept in the audit', doer, currentUser())
    .action(
      act(async ({ printer }, table: string, { fileSize, by }: { fileSize?: number; by: string }) => {
        const platform = findPlatform();
        await requireTable(platform, table);
        const compacted = await platform.compact({ table, by, ...(fileSize !== undefined && { fileBytes: fileSize }) });
        printer.data(compacted);
        const { before, after, version } = compacted;
        const totals = (of: typeof before) => `${counted(of.files, 'file')} (${bytes(of.bytes)})`;
        if (before.files === after.files) printer.line(`  ${table} stays as it is: ${totals(after)}`);
        else printer.line(`  ${table} has ${totals(after)} in the place of ${totals(before)}, as version ${version}`);
      }),
    );
}
