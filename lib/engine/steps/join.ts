import { type JoinShape, quoted } from '../../component/shape.ts';
import { stepCount } from '../ledger.ts';
import { copyColumn, type Relation, rowColumn, rowPath } from '../relation.ts';
import { takenColumns } from '../types/join-types.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/** What the SQL of a join is made of. */
interface Join {
  readonly step: StepInput<JoinShape>;
  readonly side: Relation;
  readonly keys: { readonly input: readonly string[]; readonly side: readonly string[] };
  /** SQL that is true for two rows that match. */
  readonly matched: string;
}

/** A view that joins two inputs. What becomes of the rows of both is counted over their keys, without joining them. */
export async function join(step: StepInput<JoinShape>): Promise<StepResult> {
  const { session, node, input, others } = step;
  const side = step.side ?? others[0];
  if (!side || !node.lookupKeys) throw new TypeError(`step ${node.id} has no second input`);
  const keys = node.lookupKeys;
  const matched = keys.input
    .map((key, index) => `input.${quoted(key)} = side.${quoted(keys.side[index]!)}`)
    .join(' AND ');
  const parts: Join = { step, side, keys, matched };
  const count = await counted(parts);
  const forked = !existence.has(step.shape.how) || input.forked;
  const relation = relationOf(node, count.rowsOut, { forked: forked ?? false, slow: true });
  await session.run(`CREATE VIEW ${relation.name} AS ${joinSelect(parts)}`);
  return { relation, count };
}

/** Kinds that only ask whether there is a match. */
const existence: ReadonlySet<JoinShape['how']> = new Set(['semi', 'anti']);

async function counted({ step, side, keys }: Join) {
  const { session, node, shape, input } = step;
  const names = keys.input.map((_, index) => `key_${index}`);
  const grouped = ({ name, copied }: Relation, columns: readonly string[]) =>
    `(SELECT ${columns.map((column, index) => `${quoted(column)} AS ${names[index]}`).join(', ')}, count(*) AS n, ${copied ? `count(*) FILTER (NOT ${copyColumn})` : 'count(*)'} AS own FROM ${name} GROUP BY ALL)`;
  const [pairs, own, other] = (await session.counts(
    `SELECT sum(input.n * side.n), sum(input.own), sum(side.own) FROM ${grouped(input, keys.input)} input JOIN ${grouped(side, keys.side)} side USING (${names.join(', ')})`,
  )) as [number, number, number];
  const { how, on } = shape;
  const alone = input.rows - own;
  const flows = node.side === undefined;
  const otherAlone = flows ? side.rows - other : 0;
  const asks = existence.has(how);
  const keepsOwn = how === 'left' || how === 'full' || how === 'anti';
  const keepsOther = how === 'right' || how === 'full';
  const hasMatch = `${on.sql} has a match in ${side.node}`;
  const taken = {
    [hasMatch]: keepsOwn ? 0 : alone,
    [`${on.sql} has no match in ${side.node}`]: how === 'anti' ? own : 0,
    [`${on.sql} has a match in ${input.node}${input.node === side.node ? ' (other side)' : ''}`]: keepsOther
      ? 0
      : otherAlone,
  };
  const filtered = Object.values(taken).reduce((sum, rows) => sum + rows, 0);
  const merged = flows ? other : 0;
  const rules = { ...taken, [`joined to ${input.node}`]: merged };
  const multiplied = asks ? 0 : pairs - own;
  const rowsOut = (how === 'anti' ? 0 : own) + multiplied + (keepsOwn ? alone : 0) + (keepsOther ? otherAlone : 0);
  return stepCount(node.id, {
    rowsIn: input.rows + (flows ? side.rows : 0),
    multiplied,
    rowsOut,
    filtered,
    merged,
    rules: Object.fromEntries(Object.entries(rules).filter(([, rows]) => rows > 0)),
  });
}

function joinSelect({ step, side, keys, matched }: Join): string {
  const { shape, input } = step;
  if (existence.has(shape.how))
    return `SELECT input.* FROM ${input.name} input ${shape.how.toUpperCase()} JOIN ${side.name} side ON ${matched}`;
  const own = input.columns.map(({ name }) => {
    const pair = keys.input.indexOf(name);
    const here = `input.${quoted(name)}`;
    return pair < 0 ? here : `coalesce(${here}, side.${quoted(keys.side[pair]!)}) AS ${quoted(name)}`;
  });
  const taken = takenColumns(shape, side.columns, keys.side).map(
    ({ name, column }) => `side.${quoted(column)} AS ${quoted(name)}`,
  );
  // Marks that no other step sets keep apart what comes from which side, and so row from row.
  const [between, behind] = [-2 * step.ordinal - 2, -2 * step.ordinal - 1];
  const both = `list_concat(${rowPath('input', input)}, [${between}], ${rowPath('side', side)})`;
  const row = `CASE WHEN input.${rowColumn} IS NULL THEN list_append(${rowPath('side', side)}, ${behind}) ELSE ${both} END`;
  return `SELECT ${[...own, ...taken].join(', ')}, ${row} AS ${rowColumn} FROM ${input.name} input ${shape.how.toUpperCase()} JOIN ${side.name} side ON ${matched}${withoutCopies(input, side)}`;
}

/** A copy is there to be matched: what becomes of it alone is said where it is no copy. */
function withoutCopies(input: Relation, side: Relation): string {
  const conditions = [
    ...(input.copied ? [`(side.${rowColumn} IS NOT NULL OR NOT input.${copyColumn})`] : []),
    ...(side.copied ? [`(input.${rowColumn} IS NOT NULL OR NOT side.${copyColumn})`] : []),
  ];
  return conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
}
