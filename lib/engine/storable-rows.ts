import type { SinkSide } from '../component/connector.ts';
import { transformSql } from '../component/partition-transform.ts';
import type { OutputNode } from '../component/plan.ts';
import { quoted } from '../component/shape.ts';
import { offCalendar } from './off-calendar.ts';
import type { Rejects, Taken } from './rejects.ts';
import type { Relation } from './relation.ts';
import { rowAsJson } from './row-as-json.ts';
import type { Session } from './session.ts';
import { type Computed, withoutThose } from './steps/failing-rows.ts';
import { storableType } from './stored-type.ts';

interface StorableRequest {
  readonly session: Session;
  readonly rejects: Rejects;
  readonly node: OutputNode;
  readonly sink: SinkSide;
  readonly input: Relation;
}

/**
 * Sets aside the rows with values that no file of the output can hold: an integer of 39 digits, a day of no year from 1 to
 * 9999, a time that is in no hour that partitions count. Asked where writing has failed.
 */
export function withoutUnstorable(
  request: StorableRequest,
): Promise<{ readonly input: Relation; readonly taken: Taken }> {
  const { session, rejects, node, input } = request;
  return withoutThose({
    session,
    rejects,
    node,
    input,
    computed: storedValues(request),
    kept: { seen: rowAsJson(input.columns) },
    of: node.id,
  });
}

/** What is worked out of a row as it is written. */
function storedValues({ node, sink, input }: StorableRequest): Computed[] {
  const stored = input.columns.flatMap(({ name, type }) => {
    const kept = storableType(type);
    if (kept === undefined || kept === type) return [];
    return [{ name, sql: `${quoted(name)}::${kept}`, use: `a column of type ${kept}` }];
  });
  const typeOf = (name: string) => node.columns.find((column) => column.name === name)!.type;
  const made = (sink.partitions?.(node.options) ?? []).map(({ name, expression }) => ({
    name,
    sql: `(${expression.sql}\n)::${typeOf(name)}`,
    use: `the partition ${name}`,
  }));
  // Of columns that the sink makes itself, the values above are tried.
  const transforms = (sink.transforms?.(node.options) ?? []).filter(({ column }) =>
    input.columns.some(({ name }) => name === column),
  );
  const parted = transforms.map((one) => ({
    name: one.column,
    sql: transformSql(one, typeOf(one.column))!,
    use: `the partition ${one.transform}(${one.column})`,
  }));
  const times = node.columns.flatMap(({ name, type }) => {
    const sql = made.find((one) => one.name === name)?.sql ?? quoted(name);
    const kept = storableType(type) ?? type;
    const value = kept === type ? sql : `(${sql})::${kept}`;
    const beyond = offCalendar(value, kept);
    // A cast that fails: DuckDB has no other failure that TRY takes.
    const fails = `CASE WHEN ${beyond} THEN (${sql})::VARCHAR::BOOLEAN END`;
    return beyond === undefined ? [] : [{ name, sql: fails, use: 'a day or time of a year from 1 to 9999' }];
  });
  return [...stored, ...made, ...parted, ...times].map(({ name, sql, use }) => ({
    sql,
    use,
    rule: `${name} can be stored`,
  }));
}
