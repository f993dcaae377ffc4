import type { Measure } from '../../component/measure.ts';
import type { QualityRule } from '../../component/quality-rule.ts';
import { holdsRestricted, restrictedColumns, withheld } from '../../component/restricted-columns.ts';
import { quoted } from '../../component/shape.ts';
import type { Session } from '../session.ts';
import { groupsSql, valueNames } from './groups.ts';
import { holdsSurely } from './holds-surely.ts';
import { type FilesRequest, type OpenFiles, withFiles } from './measure-files.ts';
import { membersSql } from './members.ts';

/** A row as JSON; integers beyond 32 bits and decimals are text, so that none is rounded. */
export type SampleRow = Readonly<Record<string, unknown>>;

export interface SampleRequest extends FilesRequest {
  /** Rows for each rule, at most. */
  readonly limit: number;
}

/** Some of the rows that break each rule, in the order of the files; none for rules that judge all rows at once. */
export function sampleQuality(request: SampleRequest): Promise<Readonly<Record<string, readonly SampleRow[]>>> {
  return withFiles(request, async (open) => {
    const samples: Record<string, readonly SampleRow[]> = {};
    for (const rule of request.rules) {
      const { measure } = request.components[rule.component] as QualityRule;
      const asked = measure(rule.options, open.columns);
      const closed = closedIn(request, asked);
      const select = brokenSql(asked, open, rule.id);
      const rows = select === undefined ? [] : await sampled(open.session, asked, `${select} LIMIT ${request.limit}`);
      samples[rule.id] = rows.map((row) => shortened(row, closed));
    }
    return samples;
  });
}

/** Of groups whose values cannot be computed there is nothing to show: the measure says why. */
function sampled(session: Session, { form }: Measure, select: string): Promise<SampleRow[]> {
  const rows = session.rows(select);
  if (form !== 'groups') return rows;
  return rows.catch(() => {
    session.throwIfStopped();
    return [];
  });
}

function brokenSql(measure: Measure, { from, others }: OpenFiles, rule: string): string | undefined {
  const elsewhere = others(rule);
  switch (measure.form) {
    case 'count':
      return `SELECT * FROM ${from} WHERE NOT ${holdsSurely(measure.holds)}`;
    case 'distinct': {
      const key = measure.key.map(quoted);
      const twins = `SELECT ${key.join(', ')} FROM ${from} GROUP BY ALL HAVING count(*) > 1 LIMIT 20`;
      const on = key.map((name) => `own.${name} IS NOT DISTINCT FROM twin.${name}`).join(' AND ');
      return `SELECT own.* FROM ${from} own SEMI JOIN (${twins}) twin ON ${on} ORDER BY ${key.map((name) => `own.${name}`).join(', ')}`;
    }
    case 'members':
      return elsewhere === undefined
        ? `SELECT * FROM ${from}`
        : `SELECT own.* FROM ${membersSql(measure, from, elsewhere)}`;
    case 'groups': {
      const [own, other] = valueNames(measure.by).map(quoted);
      return (
        elsewhere &&
        `SELECT * EXCLUDE (__agree) RENAME (__own AS ${own}, __other AS ${other}) FROM (${groupsSql(measure, from, elsewhere)}) WHERE NOT __agree`
      );
    }
    default:
      return undefined;
  }
}

const longestText = 200;

/** A report is read by people who may not read everything, and on one page. */
function shortened(row: SampleRow, closed: ReadonlySet<string>): SampleRow {
  const entries = Object.entries(row).map(([name, value]) => {
    if (closed.has(name) && value !== null) return [name, withheld];
    const text = typeof value === 'string' ? value : undefined;
    return [name, text !== undefined && text.length > longestText ? `${text.slice(0, longestText)}…` : value];
  });
  return Object.fromEntries(entries);
}

/** Columns of samples that stay closed; where anything is restricted, so do values of groups, which may be made of it. */
function closedIn({ plan, output, rules }: SampleRequest, measure: Measure): ReadonlySet<string> {
  const node = plan.nodes.find(({ id }) => id === (output ?? rules[0]!.output))!;
  const made = measure.form === 'groups' && holdsRestricted(plan) ? valueNames(measure.by) : [];
  return new Set([...restrictedColumns(node), ...made]);
}
