import { type FirstShape, quoted } from '../../component/shape.ts';
import type { StepInput } from './step.ts';

type Keys = Pick<StepInput<FirstShape>, 'session' | 'shape' | 'input'>;

/** With fewer rows the statements themselves cost more than they save. */
const leastRows = 20_000;
/** Integers that would be counted in more passes than these are better grouped by their hashes. */
const mostPasses = 16n;
/** Of so many integers in a row one must be there, or most places would be empty. */
const mostApart = 4n;

/**
 * Makes a table of the hashes, `key_hash`, of keys that may occur twice: of all that do.
 * @param shared its quoted name
 */
export async function sharedKeys({ session, shape, input }: Keys, shared: string): Promise<void> {
  const key = shape.key.map(quoted).join(', ');
  const byHash = (from: string) =>
    session.run(
      `CREATE TABLE ${shared} AS SELECT key_hash FROM (SELECT hash(${key}) AS key_hash FROM ${from}) GROUP BY key_hash HAVING count(*) > 1`,
    );
  if (input.rows < leastRows || !isInteger({ shape, input })) return byHash(input.name);
  // Once for all passes: nobody knows what it costs to work a key out.
  const keys = session.newName('keys');
  await session.run(`CREATE TABLE ${keys} AS SELECT ${key} FROM ${input.name}`);
  const ranges = await denseRanges({ session, input }, { keys, key });
  if (ranges) {
    const twice = (where: string) =>
      `SELECT hash(${key}) AS key_hash FROM (SELECT ${key} FROM ${keys} WHERE ${where} GROUP BY ${key} HAVING count(*) > 1)`;
    await session.run(`CREATE TABLE ${shared} AS ${twice(`${key} IS NULL`)}`);
    for (const { from, to } of ranges)
      await session.counting.run(`INSERT INTO ${shared} ${twice(`${key} BETWEEN ${from} AND ${to}`)}`);
  } else await byHash(keys);
  await session.run(`DROP TABLE ${keys}`);
}

function isInteger({ shape: { key }, input }: Pick<Keys, 'shape' | 'input'>): boolean {
  const column = input.columns.find(({ name }) => name === key[0]);
  return key.length === 1 && column !== undefined && /^U?(TINY|SMALL|BIG)?INT(EGER)?$/.test(column.type);
}

/**
 * Ranges of integers that lie close together, in each of which every value has a place: these need no hash to be grouped.
 * Undefined where they lie too far apart.
 */
async function denseRanges(
  { session, input }: Pick<Keys, 'session' | 'input'>,
  { keys, key }: { readonly keys: string; readonly key: string },
): Promise<readonly { readonly from: bigint; readonly to: bigint }[] | undefined> {
  const [bounds] = await session.rows(
    `SELECT min(${key})::VARCHAR AS least, max(${key})::VARCHAR AS most FROM ${keys}`,
  );
  if (!bounds || bounds.least === null) return undefined;
  const [least, most] = [BigInt(bounds.least), BigInt(bounds.most)];
  const places = BigInt(session.countedRange);
  const passes = (most - least) / places + 1n;
  if (passes > mostPasses || (most - least) / mostApart > BigInt(input.rows)) return undefined;
  return Array.from({ length: Number(passes) }, (_, pass) => {
    const from = least + BigInt(pass) * places;
    const end = from + places - 1n;
    return { from, to: end < most ? end : most };
  });
}
