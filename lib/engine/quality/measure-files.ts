import { dirname } from 'node:path';
import type { TableColumn } from '../../component/field-id.ts';
import type { OutputNode, Plan, QualityRulePlan } from '../../component/plan.ts';
import { holdsRestricted } from '../../component/restricted-columns.ts';
import type { QualityMeasure } from '../chunk.ts';
import type { Components } from '../components.ts';
import { openParameters } from '../parameters.ts';
import { Session } from '../session.ts';
import { measureRules } from './measure-rules.ts';
import { noRows, rowsOfFiles } from './rows-of-files.ts';

/** The rows of one output, on this machine. */
export interface FilesRequest {
  readonly plan: Plan;
  /** Rules of one output. */
  readonly rules: readonly QualityRulePlan[];
  /** Id of that output. Default: what the rules say. */
  readonly output?: string;
  /** Parquet files of the output. */
  readonly files: readonly string[];
  /** Files with the rows that a rule holds its own against, by rule; empty lists where there are none. */
  readonly others: Readonly<Record<string, readonly string[]>>;
  /** Columns of a table by whose ids those files are read, by rule. Absent: by the names that they have in the files. */
  readonly othersById?: Readonly<Record<string, readonly TableColumn[]>>;
  readonly components: Components;
  readonly workFolder: string;
  readonly memoryMegabytes: number;
  readonly threads: number;
  readonly signal?: AbortSignal;
}

/** Measures rules over the written files of the whole run: for rules that do not add up over chunks. */
export function measureQuality(request: FilesRequest): Promise<readonly QualityMeasure[]> {
  const { rules, components } = request;
  return withFiles(request, async ({ session, from, others, columns }) => {
    const [total] = await session.counts(`SELECT count(*) FROM ${from}`);
    const here = rules.map((rule) => ({ rule, others: others(rule.id) }));
    return measureRules({ session, rules: here, columns, from, total: total!, whole: true, components });
  });
}

export interface OpenFiles {
  readonly session: Session;
  readonly columns: OutputNode['columns'];
  /** SQL of the rows, as it stands behind FROM. */
  readonly from: string;
  /** The same for the rows that a rule holds its own against; undefined where it was given no files. */
  others(rule: string): string | undefined;
}

/** Opens a session that sees these files, and nothing else. */
export async function withFiles<Result>(request: FilesRequest, work: (open: OpenFiles) => Promise<Result>) {
  const { plan, rules, files, workFolder, signal } = request;
  const all = [...files, ...Object.values(request.others).flat()];
  const session = await Session.open({
    ...request,
    folders: [...new Set([workFolder, ...all.map(dirname)])],
    discreet: holdsRestricted(plan),
  });
  try {
    await openParameters(session, plan);
    const { columns } = plan.nodes.find(
      (node): node is OutputNode => node.id === (request.output ?? rules[0]!.output),
    )!;
    const others = (rule: string) => {
      const own = request.others[rule];
      return own && own.length > 0
        ? rowsOfFiles(own, { differ: true, columns: request.othersById?.[rule] })
        : undefined;
    };
    return await work({ session, columns, from: files.length > 0 ? rowsOfFiles(files) : noRows(columns), others });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    session.close();
  }
}
