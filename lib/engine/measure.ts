import type { Column, OutputNode, Plan, QualityRulePlan } from '../component/plan.ts';
import type { QualityRule } from '../component/quality-rule.ts';
import { literal, quoted } from '../component/shape.ts';
import type { QualityMeasure } from './chunk.ts';
import type { Components } from './chunk-run.ts';
import { Session } from './session.ts';

export interface MeasureInput {
  readonly session: Session;
  readonly rule: QualityRulePlan;
  readonly columns: readonly Column[];
  /** SQL of the rows. */
  readonly from: string;
  readonly total: number;
  /** True where `from` holds all rows of the run. */
  readonly whole: boolean;
  readonly components: Components;
}

/** Counts one rule, or nothing where it needs rows that are not here. */
export async function measureRule({
  session,
  rule,
  columns,
  from,
  total,
  whole,
  components,
}: MeasureInput): Promise<QualityMeasure | undefined> {
  const measure = (components[rule.component] as QualityRule).measure(rule.options, columns);
  if (measure.form === 'count') {
    const [passed] = await session.counts(`SELECT ${measure.passed} FROM ${from}`);
    return { rule: rule.id, total, passed: passed! };
  }
  if (!whole) return undefined;
  const key = measure.key.map(quoted).join(', ');
  // Different hashes mean different keys; only where some hashes agree do the keys themselves have to be compared.
  const [hashes] = await session.counts(`SELECT count(DISTINCT hash(${key})) FROM ${from}`);
  if (hashes === total) return { rule: rule.id, total, passed: total };
  const [keys] = await session.counts(`SELECT count(*) FROM (SELECT DISTINCT ${key} FROM ${from})`);
  return { rule: rule.id, total, passed: keys! };
}

export interface MeasureRequest {
  readonly plan: Plan;
  readonly rule: QualityRulePlan;
  /** All table files of the rule's output, on this machine. */
  readonly files: readonly string[];
  readonly components: Components;
  readonly workFolder: string;
  readonly memoryMegabytes: number;
  readonly threads: number;
  readonly signal?: AbortSignal;
}

/** Measures a rule over the written files of the whole run: for rules that do not add up over chunks. */
export async function measureQuality(request: MeasureRequest): Promise<QualityMeasure> {
  const { plan, rule, files, components } = request;
  if (files.length === 0) return { rule: rule.id, total: 0, passed: 0 };
  const { columns } = plan.nodes.find((node): node is OutputNode => node.id === rule.output)!;
  const session = await Session.open({
    ...request,
    folders: [request.workFolder, ...new Set(files.map((file) => file.slice(0, file.lastIndexOf('/'))))],
  });
  try {
    const from = `read_parquet([${files.map(literal).join(', ')}], hive_partitioning = false)`;
    const [total] = await session.counts(`SELECT count(*) FROM ${from}`);
    const measured = await measureRule({ session, rule, columns, from, total: total!, whole: true, components });
    return measured!;
  } catch (error) {
    request.signal?.throwIfAborted();
    throw error;
  } finally {
    session.close();
  }
}
