import type { InferredFile } from '../../engine/index.ts';
import { counted, thousands } from '../print.ts';

/** What a contract says of the file that it was inferred from, in one line of a comment. */
export function describeFile({ rows, format, delimiter, unheaded, unreadable }: InferredFile, from: string): string {
  const { records, first } = unreadable ?? { records: 0 };
  const left =
    records === 1
      ? ` Record ${thousands(first!.record)} ${first!.problem}: it is rejected.`
      : records > 1
        ? ` ${thousands(records)} records cannot be read and are rejected: record ${thousands(first!.record)}, the first of them, ${first!.problem}.`
        : '';
  const parted = delimiter && delimiter !== ',' ? ` with the delimiter ${JSON.stringify(delimiter)}` : '';
  const header = unheaded
    ? ' Its header looks like a row: where it is one, give the columns their names here, in their order, and the source `header: false`.'
    : '';
  const text = `Inferred from ${from}: ${counted(rows, 'row')} of ${format}${parted}.${header}${left} What these rows do not show, only their owner knows.`;
  // A comment in TypeScript ends here.
  return text.replaceAll('*/', '* /');
}
