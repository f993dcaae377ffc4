import type { Profile } from '../../component/measure.ts';
import type { QualityReport } from '../assess/quality-report.ts';
import type { RuleScore } from '../assess/score.ts';
import type { DataQualityMetricsDatasetFacet, DatasetFacets } from './event-types.ts';
import { facet } from './open-lineage.ts';

type ColumnMetrics = DataQualityMetricsDatasetFacet['columnMetrics'];

/** What a run's rules found in one table. */
export function qualityFacets(
  report: QualityReport,
  table: string,
): Pick<DatasetFacets, 'dataQualityAssertions' | 'dataQualityMetrics'> {
  const rules = report.rules.filter((rule) => rule.table === table);
  const { rows = 0, bytes = 0, files = 0 } = report.tables?.[table] ?? {};
  const metrics = { rowCount: rows, bytes, fileCount: files, columnMetrics: columnMetrics(report, rules, table) };
  const assertions = rules.map((rule) => {
    const column = columnOf(rule);
    return { assertion: rule.rule, success: !rule.broken, ...(column !== undefined && { column }) };
  });
  return {
    dataQualityMetrics: facet('dataQualityMetrics', metrics),
    ...(assertions.length > 0 && { dataQualityAssertions: facet('dataQualityAssertions', { assertions }) }),
  };
}

/** The one column that a rule is about, if it is about one. */
function columnOf({ options }: RuleScore): string | undefined {
  const { column, columns, key } = options;
  const list = [column, ...listOf(columns), ...listOf(key)].filter((name) => typeof name === 'string');
  return list.length === 1 ? list[0] : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function columnMetrics({ profiles = {} }: QualityReport, rules: readonly RuleScore[], table: string): ColumnMetrics {
  // Columns may have any name: `__proto__` of an object is no member like others.
  const metrics = new Map<string, ColumnMetrics[string]>();
  const add = (column: string, more: ColumnMetrics[string]) => metrics.set(column, { ...metrics.get(column), ...more });
  for (const [name, profile] of Object.entries(profiles)) {
    if (name.startsWith(`${table}.`)) add(name.slice(table.length + 1), metricsOf(profile));
  }
  for (const rule of rules) {
    const column = columnOf(rule);
    if (column === undefined) continue;
    if (rule.dimension === 'completeness') add(column, { nullCount: rule.total - rule.passed });
    if (rule.dimension === 'uniqueness') add(column, { distinctCount: rule.passed });
  }
  return Object.fromEntries(metrics);
}

const shownQuantiles = [0.05, 0.25, 0.5, 0.75, 0.95];

function metricsOf(profile: Profile): ColumnMetrics[string] {
  if (profile.kind === 'categories')
    return { count: profile.rows, ...(profile.others === 0 && { distinctCount: profile.counts.length }) };
  const { rows, quantiles } = profile;
  if (quantiles.length === 0) return { count: rows };
  const at = (share: number) => quantiles[Math.round(share * (quantiles.length - 1))]!;
  const some = shownQuantiles.map((share) => [String(share), at(share)] as const);
  return { count: rows, min: at(0), max: at(1), quantiles: Object.fromEntries(some) };
}
