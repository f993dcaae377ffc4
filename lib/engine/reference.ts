import { join } from 'node:path';
import type { Connector } from '../component/connector.ts';
import type { Plan, PlanNode } from '../component/plan.ts';
import { holdsRestricted } from '../component/restricted-columns.ts';
import { PenstockError } from '../core/errors/penstock-error.ts';
import type { ChunkResult, InputFile, OutputFile, StepCount } from './chunk.ts';
import type { Components } from './components.ts';
import { StepFailedError } from './errors.ts';
import { openKeys } from './keys.ts';
import { storedRows } from './outgoing-rows.ts';
import { openParameters } from './parameters.ts';
import { findDamage } from './read/damaged-files.ts';
import { recoverRaw } from './recover-raw.ts';
import { namesOf, Rejects } from './rejects.ts';
import type { Relation } from './relation.ts';
import { Session } from './session.ts';
import { readSource } from './source.ts';
import { stepInput } from './step-input.ts';
import { runStep } from './steps/run-step.ts';
import { writeParquet } from './write.ts';

export interface ReferenceRequest {
  readonly plan: Plan;
  /** Node that is handed to every chunk: the side of an enrich step. */
  readonly node: string;
  readonly inputs: readonly InputFile[];
  readonly components: Components;
  /** An empty folder. */
  readonly workFolder: string;
  readonly memoryMegabytes: number;
  readonly threads: number;
  /** When its rejects are set aside, in milliseconds since the epoch. */
  readonly at: number;
  readonly functions?: Readonly<Record<string, (row: any) => unknown>>;
  /** Values of the secrets that the plan names, by name. Absent: it names none. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Reads a small dataset whole, through its steps, and leaves it as one Parquet file at `path`. */
export async function captureReference(request: ReferenceRequest): Promise<ChunkResult & { readonly path: string }> {
  const { plan, node, inputs, components, workFolder } = request;
  const folders = [workFolder, ...new Set(inputs.map((input) => join(input.path, '..')))];
  const session = await Session.open({ ...request, folders, discreet: holdsRestricted(plan) });
  try {
    if (request.secrets) await openKeys(session, request.secrets);
    await openParameters(session, plan);
    const rejects = await Rejects.open(session, 'extract', namesOf(inputs), plan);
    const steps: StepCount[] = [];
    const relations = new Map<string, Relation>();
    for (const one of upstream(plan, node)) {
      const { relation, count } = await runNode(one, { request, session, rejects, relations });
      relations.set(relation.node, relation);
      steps.push(await count);
    }
    const relation = relations.get(node)!;
    const folder = join(workFolder, 'reference');
    await writeParquet({
      session,
      // As tables hold them: of an integer with 128 bits DuckDB would write a DOUBLE.
      select: storedRows(relation, relation.columns, []),
      kind: 'table',
      of: node,
      folder,
      name: 'rows',
      partitionBy: [],
    });
    // It is there without rows, too.
    const path = join(folder, 'rows.parquet');
    const files: OutputFile[] = [];
    if (rejects.count > 0) {
      await recoverRaw({ plan, components, rejects, relations });
      files.push(
        ...(await writeParquet({
          session,
          select: rejects.rows(request.at),
          kind: 'rejects',
          of: 'extract',
          folder: join(workFolder, 'rejects'),
          name: `extract-${node}`,
          partitionBy: [],
        })),
      );
    }
    return { steps, files, quality: [], milliseconds: {}, path };
  } catch (error) {
    request.signal?.throwIfAborted();
    if (!(error instanceof PenstockError) || error instanceof StepFailedError) await findDamage(session, request);
    throw error;
  } finally {
    session.close();
  }

  async function runNode(
    one: PlanNode,
    context: { request: ReferenceRequest; session: Session; rejects: Rejects; relations: Map<string, Relation> },
  ) {
    if (one.kind === 'source') {
      const files = inputs.filter((input) => input.of === one.id);
      return readSource({
        ...context,
        node: one,
        connector: components[one.component] as Connector,
        files,
        workFolder,
        signal: request.signal,
      });
    }
    if (one.kind === 'output') throw new TypeError(`output ${one.id} cannot be a reference`);
    const { session, rejects, relations } = context;
    const step = stepInput(one, { plan, components, find: (id) => relations.get(id)! });
    return runStep({ session, rejects, call: request.functions?.[one.id], ...step });
  }
}

/** The node and everything that it is made of, inputs first. */
function upstream(plan: Plan, id: string): PlanNode[] {
  const wanted = new Set([id]);
  for (const node of [...plan.nodes].reverse()) {
    if (!wanted.has(node.id)) continue;
    if (node.kind !== 'source') wanted.add(node.input);
    if (node.kind === 'step' && node.side !== undefined) wanted.add(node.side);
    if (node.kind === 'step') for (const other of node.others ?? []) wanted.add(other);
  }
  return plan.nodes.filter((node) => wanted.has(node.id));
}
