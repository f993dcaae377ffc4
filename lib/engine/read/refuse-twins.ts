import { SchemaMismatchError } from '../errors.ts';

/**
 * Throws `SchemaMismatchError` where a header names a column twice.
 * @param closed true where no name may be shown: the header of a file that has none is a row
 */
export function refuseTwins(names: readonly string[], key: string, closed = false): void {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const twin = names.find((name, index) => names.findIndex((other) => same(name, other)) !== index);
  if (twin === undefined) return;
  throw new SchemaMismatchError({
    problem: `${key} names ${closed ? 'a column' : `the column "${twin}"`} twice`,
    received: closed ? `${names.length} names` : names,
    allowed: 'a header in which each name occurs once, upper and lower case being the same',
    change: 'rename one of the columns in the file',
  });
}
