import { literal } from '../component/shape.ts';
import type { Session } from './session.ts';

/** A constant that is no value of the type that it stands for. */
export interface ConstantFault {
  readonly text: string;
  readonly type: string;
}

/** What of a bound expression is looked at. */
interface Bound {
  readonly expression_class?: string;
  readonly type?: string;
  readonly try_cast?: boolean;
  readonly child?: Bound;
  readonly value?: { readonly type: { readonly id: string }; readonly value?: unknown };
  readonly return_type?: {
    readonly id: string;
    readonly type_info?: { readonly width?: number; readonly scale?: number };
  };
}

/**
 * The first text of a query that DuckDB would fail on wherever it is needed, e.g. `day > '2001-02-30'` or `ratio + 'x'`:
 * preparing a query does not convert it, but says what it would be converted to.
 * @param select over tables that are there
 */
export async function constantFault(session: Session, select: string): Promise<ConstantFault | undefined> {
  if (!select.includes("'")) return undefined;
  const [row] = await session.rows(`SELECT json_serialize_plan(${literal(select)}, skip_null := true) AS plan`);
  const constants: ConstantFault[] = [];
  visit(JSON.parse(row!.plan), constants);
  for (const [type, own] of Map.groupBy(constants, (one) => one.type)) {
    // In one query: there may be ten thousand of them.
    const texts = own.map(({ text }) => literal(text)).join(', ');
    const [answer] = await session.rows(
      `SELECT list_position(list_transform([${texts}], lambda one: TRY_CAST(one AS ${type}) IS NULL), true) AS place`,
    );
    const bad = own[Number(answer!.place ?? 0) - 1];
    if (bad) return bad;
  }
  return undefined;
}

function visit(part: unknown, found: ConstantFault[]): void {
  if (typeof part !== 'object' || part === null) return;
  const node = part as Bound;
  // What is behind TRY may fail.
  if (node.type === 'OPERATOR_TRY') return;
  if (node.expression_class === 'BOUND_CAST' && !node.try_cast) {
    const text = node.child?.value?.type.id === 'VARCHAR' ? node.child.value.value : undefined;
    const type = plainType(node.return_type);
    if (typeof text === 'string' && type !== undefined) found.push({ text, type });
  }
  for (const one of Object.values(part)) visit(one, found);
}

/** SQL of a type that has no parts; of one that has, a text is read in ways of its own. */
function plainType(type: Bound['return_type']): string | undefined {
  if (
    type === undefined ||
    !/^[A-Z_ ]+$/.test(type.id) ||
    /^(VARCHAR|BLOB|BIT|LIST|STRUCT|MAP|ARRAY|UNION|ENUM|ANY)$/.test(type.id)
  )
    return undefined;
  return type.id === 'DECIMAL' ? `DECIMAL(${type.type_info?.width}, ${type.type_info?.scale})` : type.id;
}
