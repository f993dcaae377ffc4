import type { Column } from '../component/plan.ts';
import { literal, quoted } from '../component/shape.ts';
import type { KeyBounds } from './overlapping-files.ts';

type Tree = Readonly<Record<string, any>>;

/** What is asked of the bounds of one column. */
interface Bounded {
  readonly column: string;
  /** A tree over `<column> least`, `<column> most` and `<column> open`, true where a file can have such a row. */
  readonly condition: Tree;
}

/**
 * Conditions of a query that bounds of files can answer: a column against a value, and nothing else.
 * @param conditions trees of DuckDB
 */
export function boundedConditions(conditions: readonly Tree[], columns: readonly Column[]): Bounded[] {
  return conditions.flatMap((condition): Bounded[] => {
    const input = condition.class === 'BETWEEN' ? condition.input : condition.left;
    const values = condition.class === 'BETWEEN' ? [condition.lower, condition.upper] : [condition.right];
    const name = input?.class === 'COLUMN_REF' ? String(input.column_names.at(-1)).toLowerCase() : undefined;
    const column = columns.find((one) => one.name.toLowerCase() === name);
    if (!column || !values.every((value) => isValue(value, column))) return [];
    const met = metBy(condition, column.name);
    if (!met) return [];
    return [{ column: column.name, condition: joined('CONJUNCTION_OR', [met, reference(`${column.name} open`)]) }];
  });
}

function metBy(condition: Tree, name: string): Tree | undefined {
  const least = reference(`${name} least`);
  const most = reference(`${name} most`);
  switch (condition.type) {
    case 'COMPARE_EQUAL':
      return joined('CONJUNCTION_AND', [
        { ...condition, type: 'COMPARE_LESSTHANOREQUALTO', left: least },
        { ...condition, type: 'COMPARE_GREATERTHANOREQUALTO', left: most },
      ]);
    case 'COMPARE_LESSTHAN':
    case 'COMPARE_LESSTHANOREQUALTO':
      return { ...condition, left: least };
    case 'COMPARE_GREATERTHAN':
    case 'COMPARE_GREATERTHANOREQUALTO':
      return { ...condition, left: most };
    case 'COMPARE_BETWEEN':
      return joined('CONJUNCTION_AND', [
        comparison('COMPARE_LESSTHANOREQUALTO', least, condition.upper),
        comparison('COMPARE_GREATERTHANOREQUALTO', most, condition.lower),
      ]);
    default:
      return undefined;
  }
}

const ordered = /^(TINYINT|SMALLINT|INTEGER|BIGINT|DECIMAL.*|DATE|TIME|TIMESTAMP( WITH TIME ZONE)?)$/;

/** True for a value against which the column is compared in the order that its bounds have: texts only with a text. */
function isValue(value: Tree, { type }: Column): boolean {
  if (value.class === 'CAST') return ordered.test(type) && value.cast_type.id !== 'VARCHAR' && isConstant(value.child);
  if (!isConstant(value)) return false;
  return type === 'VARCHAR' ? value.value.type.id === 'VARCHAR' : ordered.test(type);
}

function isConstant(value: Tree): boolean {
  return value.class === 'CONSTANT' && !value.value.is_null;
}

const place = { alias: '', query_location: 0 };
const reference = (name: string): Tree => ({ class: 'COLUMN_REF', type: 'COLUMN_REF', ...place, column_names: [name] });
const joined = (type: string, children: readonly Tree[]): Tree => ({ class: 'CONJUNCTION', type, ...place, children });
const comparison = (type: string, left: Tree, right: Tree): Tree => ({
  class: 'COMPARISON',
  type,
  ...place,
  left,
  right,
});

/** SQL of the bounds of files, as `boundedConditions` names them, with the position of each file. */
export function boundsOfFiles(
  files: readonly { readonly bounds?: Readonly<Record<string, KeyBounds>> }[],
  columns: readonly Column[],
  position: string,
): string {
  const rows = files.map(({ bounds = {} }, index) => {
    const values = columns.flatMap(({ name }) => {
      const known = bounds[name];
      return [text(known?.lower), text(known?.upper), String(known === undefined)];
    });
    return `(${[index, ...values].join(', ')})`;
  });
  const given = columns.flatMap((_, index) => [`least_${index}`, `most_${index}`, `open_${index}`]);
  const named = columns.flatMap(({ name, type }, index) => [
    `least_${index}::${type} AS ${quoted(`${name} least`)}`,
    `most_${index}::${type} AS ${quoted(`${name} most`)}`,
    `open_${index} AS ${quoted(`${name} open`)}`,
  ]);
  return `SELECT ${[position, ...named].join(', ')} FROM (VALUES ${rows.join(', ')}) given(${[position, ...given].join(', ')})`;
}

function text(value: string | undefined): string {
  return value === undefined ? 'NULL::VARCHAR' : literal(value);
}
