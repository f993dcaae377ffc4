import type { InferredFile } from '../../engine/index.ts';
import { counted, thousands } from '../print.ts';

/** What a contract says of the file that it was inferred from, in one line of a comment. */
export function describeFile(file: InferredFile, from: string): string {
  const { rows, format, delimiter, unheaded, unreadable } = file;
  const { records, first } = unreadable ?? { records: 0 };
  const rejected =
    records === 1
      ? ` Record ${thousands(first!.record)} ${first!.problem}: it is rejected.`
      : records > 1
        ? ` ${thousands(records)} records cannot be read and are rejected: record ${thousands(first!.record)}, the first of them, ${first!.problem}.`
        : '';
  const parted = delimiter && delimiter !== ',' ? ` with the delimiter ${JSON.stringify(delimiter)}` : '';
  const header = unheaded
    ? ' Its header looks like a row: where it is one, give the columns their names here, in their order, and the source `header: false`.'
    : '';
  const left = (file.left ?? []).map(({ name, why }) => ` Its column ${JSON.stringify(name)} is left out: it ${why}.`);
  const text = `Inferred from ${from}: ${counted(rows, 'row')} of ${format}${parted}.${header}${rejected}${left.join('')} What these rows do not show, only their owner knows.`;
  // A comment in TypeScript ends here.
  return text.replaceAll('*/', '* /');
}
