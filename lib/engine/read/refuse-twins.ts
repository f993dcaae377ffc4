import { SchemaMismatchError } from '../errors.ts';

interface Names {
  /** True where no name may be shown: the header of a file that has none is a row. */
  readonly closed?: boolean;
  /** True where they are those of objects. */
  readonly keys?: boolean;
}

/** Throws `SchemaMismatchError` where a header, or objects, name a column twice. */
export function refuseTwins(names: readonly string[], key: string, { closed, keys }: Names = {}): void {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const twin = names.find((name, index) => names.findIndex((other) => same(name, other)) !== index);
  if (twin === undefined) return;
  throw new SchemaMismatchError({
    problem: `${key} names ${closed ? 'a column' : `the column "${twin}"`} twice`,
    received: closed ? `${names.length} names` : names,
    allowed: `${keys ? 'objects' : 'a header'} in which each name occurs once, upper and lower case being the same`,
    change: keys
      ? 'rename one of them in the file, or write a contract by hand that names one of them'
      : 'rename one of the columns in the file',
  });
}
