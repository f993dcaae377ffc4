import { elementType } from '../../component/column-types.ts';
import { literal, quoted } from '../../component/shape.ts';
import { structFields } from '../../component/struct-type.ts';
import type { Session } from '../session.ts';
import { columnTypes, typeInFile } from './column-types.ts';
import type { InferredColumn } from './infer-file.ts';

/** What a value in a list or structure is, by all of them. */
export type InferredValue = { readonly nullable: boolean } & (
  | Pick<InferredColumn, 'type' | 'format'>
  | { readonly list: InferredValue }
  | { readonly members: readonly { readonly name: string; readonly value: InferredValue }[] }
);

/** With more of them, the keys of an object are values: nobody would name them in a contract. */
const mostMembers = 100;
const mostDepth = 8;

/**
 * Looks into the lists and objects of a column. Undefined where its values are of several kinds, or of one that no
 * contract has: they are JSON text then.
 * @param from SQL of rows with the values in the column `v`, as it stands behind FROM
 * @param type DuckDB type of them; of JSON the text `JSON`
 */
export async function nestedValue(
  session: Session,
  from: string,
  type: string,
  depth = 0,
): Promise<InferredValue | undefined> {
  if (depth > mostDepth) return undefined;
  const [values, nothing] = await session.counts(
    `SELECT count(*), count(*) FILTER (v IS NULL${type === 'JSON' ? " OR json_type(v) = 'NULL'" : ''}) FROM ${from}`,
  );
  const nullable = nothing! > 0;
  const inside = (sql: string, inner: string) =>
    nestedValue(session, `(SELECT ${sql} AS v FROM ${from} WHERE v IS NOT NULL)`, inner, depth + 1);
  const parts = type === 'JSON' ? await partsOfJson(session, from) : partsOfType(type);
  if (!parts) return undefined;
  if ('kinds' in parts) {
    const text = `(SELECT json_extract_string(v, '$') AS c0 FROM ${from})`;
    const raw = { name: '', column: 'c0', type: 'VARCHAR', kinds: parts.kinds };
    const [found] = values === nothing ? [] : await columnTypes(session, { table: text, columns: [raw] }, 0);
    return { nullable, type: found?.type ?? 'VARCHAR', ...(found?.format && { format: found.format }) };
  }
  if ('leaf' in parts) return { nullable, type: parts.leaf };
  if ('element' in parts) {
    const list = await inside(type === 'JSON' ? "unnest(json_extract(v, '$[*]'))" : 'unnest(v)', parts.element);
    return list && { nullable, list };
  }
  if (!canBeNamed(parts.members.map(({ name }) => name))) return undefined;
  const members: { name: string; value: InferredValue }[] = [];
  for (const member of parts.members) {
    const pointer = literal(`/${member.name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    const sql = type === 'JSON' ? `json_extract(v, ${pointer})` : `struct_extract(v, ${literal(member.name)})`;
    const value = await inside(sql, member.type);
    if (!value) return undefined;
    members.push({ name: member.name, value });
  }
  return members.length > 0 ? { nullable, members } : undefined;
}

/** False where a contract cannot have all of the members: DuckDB takes names for equal that differ in case only. */
function canBeNamed(names: readonly string[]): boolean {
  const different = new Set(names.map((name) => name.toLowerCase()));
  return different.size === names.length && names.every((name) => name !== '' && !name.includes('\0'));
}

type Parts =
  | { readonly kinds: readonly string[] }
  | { readonly leaf: string }
  | { readonly element: string }
  | { readonly members: readonly { readonly name: string; readonly type: string }[] };

async function partsOfJson(session: Session, from: string): Promise<Parts | undefined> {
  const rows = await session.rows(
    `SELECT DISTINCT json_type(v) AS kind FROM ${from} WHERE v IS NOT NULL AND json_type(v) <> 'NULL' ORDER BY kind`,
  );
  const kinds = rows.map(({ kind }) => String(kind));
  if (kinds.length === 1 && kinds[0] === 'ARRAY') return { element: 'JSON' };
  if (kinds.length === 1 && kinds[0] === 'OBJECT') {
    const keys = await session.rows(
      `SELECT key, min(place) AS place FROM (SELECT unnest(json_keys(v)) AS key, generate_subscripts(json_keys(v), 1) AS place FROM ${from} WHERE json_type(v) = 'OBJECT') GROUP BY key ORDER BY place, key LIMIT ${mostMembers + 1}`,
    );
    if (keys.length > mostMembers) return undefined;
    return { members: keys.map(({ key }) => ({ name: String(key), type: 'JSON' })) };
  }
  return kinds.includes('ARRAY') || kinds.includes('OBJECT') ? undefined : { kinds };
}

function partsOfType(type: string): Parts | undefined {
  const element = elementType(type);
  if (element !== undefined) return { element };
  const members = structFields(type);
  if (members) return { members };
  const leaf = typeInFile(type);
  return leaf.instead === undefined ? { leaf: leaf.type } : undefined;
}

/** The DuckDB type of a value, e.g. `STRUCT("item" VARCHAR)[]`. */
export function typeOfValue(value: InferredValue): string {
  if ('list' in value) return `${typeOfValue(value.list)}[]`;
  if ('type' in value) return value.type;
  return `STRUCT(${value.members.map((one) => `${quoted(one.name)} ${typeOfValue(one.value)}`).join(', ')})`;
}
