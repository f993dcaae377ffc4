import { withheld } from '../../component/restricted-columns.ts';
import { type LookupShape, quoted } from '../../component/shape.ts';
import { LookupNotUniqueError } from '../errors.ts';
import { stepCount } from '../ledger.ts';
import { rowColumn, rowsBySource, stillOncePer } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/** A view that joins the side, which is small and unique, so that no row is lost or doubled. */
export async function lookup({
  session,
  rejects,
  node,
  shape,
  input,
  side,
}: StepInput<LookupShape>): Promise<StepResult> {
  if (!side) throw new TypeError(`step ${node.id} has no second input`);
  const sideColumns = node.lookupKeys?.side ?? [];
  await refuseTwins({ session, node, side, keys: sideColumns, closed: rejects.closedIn(node.side!) });
  const take = shape.take.map(({ name, expression }) => `__side.${expression.sql} AS ${quoted(name)}`);
  const taken = new Set(shape.take.map(({ name }) => name));
  const kept = input.columns.filter(({ name }) => !taken.has(name)).map(({ name }) => `__input.${quoted(name)}`);
  // Of names that no column has: a structure of one of these would hide the rows within a subquery.
  const matched = (node.lookupKeys?.input ?? [])
    .map((key, index) => `__input.${quoted(key)} = __side.${quoted(sideColumns[index]!)}`)
    .join(' AND ');
  const missing = `NOT EXISTS (SELECT 1 FROM ${side.name} __side WHERE ${matched})`;

  let rejected = 0;
  let filtered = 0;
  let rules: Readonly<Record<string, number>> = {};
  const rule = `${shape.on.sql} has a match in ${node.side}`;
  if (shape.unmatched === 'reject') {
    const column = node.lookupKeys!.input[0]!;
    const from = `(SELECT __input.*, ${missing} AS __missing FROM ${rowsBySource(input)} __input)`;
    const check = { rule, column, bad: '__missing', value: quoted(column), message: `has no match in ${node.side}` };
    const taken = await rejects.take(node.id, from, [check], { seen: rowAsJson(input.columns) });
    rejected = taken.rejected;
    rules = taken.rules;
  } else if (shape.unmatched === 'drop') {
    [filtered] = (await session.counts(`SELECT count(*) FROM ${input.name} __input WHERE ${missing}`)) as [number];
    if (filtered > 0) rules = { [rule]: filtered };
  }
  const join = shape.unmatched === 'null' ? 'LEFT JOIN' : 'JOIN';
  const added = shape.take.map(({ name }) => name);
  const given = { ...relationOf(node, input.rows - rejected - filtered, input), ...stillOncePer(input, added) };
  const relation = given.rows === input.rows ? { ...given, widened: { name: given.name, from: input, added } } : given;
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT ${[...kept, ...take].join(', ')}, __input.${rowColumn} FROM ${input.name} __input ${join} ${side.name} __side ON ${matched}`,
  );
  return {
    relation,
    count: stepCount(node.id, { rowsIn: input.rows, rowsOut: relation.rows, rejected, filtered, rules }),
  };
}

async function refuseTwins({
  session,
  node,
  side,
  keys,
  closed,
}: Pick<StepInput, 'session' | 'node'> & {
  side: { name: string };
  keys: readonly string[];
  closed: ReadonlySet<string>;
}): Promise<void> {
  const list = keys.map(quoted).join(', ');
  const present = keys.map((key) => `${quoted(key)} IS NOT NULL`).join(' AND ');
  const twins = await session.rows(
    `SELECT ${list} FROM ${side.name} WHERE ${present} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 3`,
  );
  if (twins.length === 0) return;
  throw new LookupNotUniqueError({
    problem: `"${node.side}" has several rows for one key of ${keys.join(', ')}, so enriching with it would depend on chance`,
    received: twins.map((row) => keys.map((key) => (closed.has(key) ? withheld : row[key])).join(', ')),
    allowed: `each ${keys.join(', ')} once`,
    change: `pipe "${node.side}" through deduplicate({ key: [${keys.map((key) => `'${key}'`).join(', ')}] }) first`,
  });
}
