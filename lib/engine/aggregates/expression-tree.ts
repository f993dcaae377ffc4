import { literal } from '../../component/shape.ts';
import type { Session } from '../session.ts';

/** What of DuckDB's syntax tree is looked at; the rest is carried along as it is. */
export interface Tree {
  class?: string;
  function_name?: string;
  is_operator?: boolean;
  distinct?: boolean;
  children?: Tree[];
  filter?: Tree | null;
  order_bys?: { orders: { type: string; null_order: string; expression: Tree }[] };
  column_names?: string[];
  [part: string]: unknown;
}

/** Reads an expression with DuckDB's own parser. */
export async function readTree(session: Session, sql: string): Promise<Tree> {
  const [row] = await session.rows(`SELECT json_serialize_sql(${literal(`SELECT (${sql}\n)`)}) AS tree`);
  return parsed(row!.tree).statements[0].node.select_list[0];
}

/** A statement that an expression can be put into: the same in every session. */
let frame: string | undefined;

/** Writes a tree as SQL again. */
export async function writeTree(session: Session, tree: Tree): Promise<string> {
  frame ??= (await session.rows("SELECT json_serialize_sql('SELECT 1') AS tree"))[0]!.tree as string;
  const whole = parsed(frame);
  whole.statements[0].node.select_list = [tree];
  const [written] = await session.rows(`SELECT json_deserialize_sql(${literal(JSON.stringify(whole))}) AS sql`);
  return (written!.sql as string).replace(/^SELECT /, '');
}

export function columnTree(name: string): Tree {
  return { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', query_location: 0, column_names: [name] };
}

/** Numbers that JavaScript would round stay as they are written. */
function parsed(text: string): any {
  return JSON.parse(text, (key, value, { source }: { source?: string } = {}) => {
    if (key === 'query_location') return 0;
    return typeof value === 'number' && String(value) !== source ? rawJson(source!) : value;
  });
}

const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
