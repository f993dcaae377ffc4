import type { TableLogEntry } from '../aws/table-history.ts';

/** What a state of a table has changed about its columns, e.g. `client is customer now, − note, + remark`. */
export function columnChangesText({ renamed, gone, added }: NonNullable<TableLogEntry['columns']>): string {
  return [
    ...renamed.map(({ from, to }) => `${from} is ${to} now`),
    ...gone.map((name) => `− ${name}`),
    ...added.map((name) => `+ ${name}`),
  ].join(', ');
}
