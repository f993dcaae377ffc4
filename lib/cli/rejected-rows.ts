import type { Column } from '../component/plan.ts';
import { nearest } from '../core/nearest.ts';
import { CommandInputError } from './errors.ts';
import { fetchFiles } from './fetch-files.ts';
import type { Run } from './find-run.ts';
import { type Platform, stateFolder } from './platform.ts';

/** One rejected row. */
export interface RejectedRow {
  readonly file: string;
  /** Number of the record in its file, from 1. */
  readonly row: string;
  readonly stage: string;
  readonly node: string;
  readonly rule: string;
  readonly column: string | null;
  readonly value: string | null;
  readonly reason: string;
  readonly raw: string;
}

const columns: readonly Column[] = ['file', 'row', 'stage', 'node', 'rule', 'column', 'value', 'reason', 'raw'].map(
  (name) => ({
    name,
    type: name === 'row' ? 'BIGINT' : 'VARCHAR',
    nullable: true,
  }),
);

/** Rejects of a run: how many by rule, and the first rows. */
export async function rejectedRows(
  platform: Platform,
  run: Run,
  query: { readonly limit: number; readonly rule?: string },
) {
  const keys: string[] = [];
  for await (const object of platform.objects.list(`rejects/${run.pipeline}/run=${run.run}/`)) keys.push(object.key);
  const files = await fetchFiles(platform, keys);
  // The engine is the one thing here that is slow to load.
  const { queryTables } = await import('../engine/index.ts');
  const ask = (sql: string) => queryTables(sql, [{ name: 'rejects', columns, files }], stateFolder('work'));
  const byRule = await ask(
    'SELECT node, rule, count(*) AS "rows" FROM rejects GROUP BY ALL ORDER BY "rows" DESC, node, rule',
  );
  const rules = byRule.rows.map((row) => ({ node: String(row.node), rule: String(row.rule), rows: Number(row.rows) }));
  const chosen = query.rule === undefined ? rules : rules.filter(({ rule }) => rule === query.rule);
  if (query.rule !== undefined && chosen.length === 0)
    throw noSuchRule(
      query.rule,
      run,
      rules.map(({ rule }) => rule),
    );
  const where = query.rule === undefined ? '' : `WHERE rule = '${query.rule.replaceAll("'", "''")}'`;
  const first = await ask(`SELECT * FROM rejects ${where} ORDER BY file, "row", node LIMIT ${query.limit}`);
  return { rules: chosen, rows: first.rows as unknown as readonly RejectedRow[] };
}

function noSuchRule(rule: string, run: Run, rules: readonly string[]): CommandInputError {
  const guess = nearest(rule, rules);
  return new CommandInputError({
    problem: `run "${run.run}" has no rejects of the rule "${rule}"`,
    received: rule,
    allowed: rules.length > 0 ? rules : 'none: the run has no rejects',
    change: guess ? `did you mean "${guess}"?` : 'leave --rule out to see all rules',
  });
}
