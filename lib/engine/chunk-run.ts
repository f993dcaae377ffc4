import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector } from '../component/connector.ts';
import type { Exchange, OutputNode, PlanNode, SourceNode, StagePlan, StepNode } from '../component/plan.ts';
import { holdsRestricted } from '../component/restricted-columns.ts';
import { quoted } from '../component/shape.ts';
import { PenstockError } from '../core/errors/penstock-error.ts';
import {
  type ChunkRequest,
  type ChunkResult,
  callPhase,
  type OutputFile,
  type QualityMeasure,
  type StepCount,
} from './chunk.ts';
import { type Components, componentOf } from './components.ts';
import { CountMismatchError, StepFailedError } from './errors.ts';
import { arrivedRows, fileNames, sendRows } from './exchange.ts';
import { FewViews } from './few-views.ts';
import { openKeys } from './keys.ts';
import { stepCount } from './ledger.ts';
import { numberedRows } from './numbered-rows.ts';
import { type WrittenOutput, writeOutput } from './output.ts';
import { openParameters } from './parameters.ts';
import { measureRules } from './quality/measure-rules.ts';
import { findDamage } from './read/damaged-files.ts';
import { recoverRaw } from './recover-raw.ts';
import { namesOf, Rejects, type Taken } from './rejects.ts';
import { type Relation, relationName, rowColumn } from './relation.ts';
import { Session } from './session.ts';
import { readSource } from './source.ts';
import { stepInput } from './step-input.ts';
import { type EarlyRows, mergeEarly } from './steps/merge-early.ts';
import { runStep } from './steps/run-step.ts';
import { withoutUnstorable } from './storable-rows.ts';
import { tablesBeyond, tablesOfMeetings } from './tables-beyond.ts';
import { writeParquet } from './write.ts';

export interface ExecuteRequest extends ChunkRequest {
  readonly components: Components;
}

/**
 * Runs one chunk of a stage, or with `solo` the whole run, from the files it reads to the files it leaves. Views stand
 * for steps, so that everything between two counts is one query.
 */
export async function executeChunk(request: ExecuteRequest): Promise<ChunkResult> {
  const stage = request.plan.stages.find((one) => one.id === request.stage);
  if (!stage) throw new TypeError(`the plan has no stage ${request.stage}`);
  const folders = new Set([
    request.workFolder,
    ...[...request.inputs.map((one) => one.path), ...Object.values(request.references)].map((path) => join(path, '..')),
  ]);
  const session = await Session.open({
    folders: [...folders],
    memoryMegabytes: request.memoryMegabytes,
    threads: request.threads,
    signal: request.signal,
    discreet: holdsRestricted(request.plan),
    keepsOrder: readsText(request, stage),
    joinsSmall: !request.plan.nodes.some(joinsInputs),
  });
  try {
    if (request.secrets) await openKeys(session, request.secrets);
    await openParameters(session, request.plan);
    const rejects = await Rejects.open(
      session,
      request.stage,
      stage.reads ? {} : namesOf(request.inputs.filter(({ rejects }) => !rejects)),
      request.plan,
    );
    return await new ChunkRun(request, session, rejects).run(stage);
  } catch (error) {
    // Whatever an interrupted query says, the caller wanted it.
    request.signal?.throwIfAborted();
    if (!(error instanceof PenstockError) || error instanceof StepFailedError) await findDamage(session, request);
    throw error;
  } finally {
    await session.end();
  }
}

/** Whether two inputs of any size are joined; else a step looks rows up in what each worker has at hand. */
function joinsInputs(node: PlanNode): boolean {
  return node.kind === 'step' && node.lookupKeys !== undefined && node.side === undefined;
}

/** The number of a record is its place in a text file, so DuckDB must read such files in order. */
function readsText({ plan, inputs, components }: ExecuteRequest, stage: StagePlan): boolean {
  if (stage.reads) return false;
  const read = new Set(inputs.map((input) => input.of));
  return plan.nodes.some((node) => {
    if (node.kind !== 'source' || !read.has(node.id)) return false;
    return componentOf<Connector>(components, node.component).source!.format(node.options).kind !== 'parquet';
  });
}

class ChunkRun {
  readonly #request: ExecuteRequest;
  readonly #session: Session;
  readonly #rejects: Rejects;
  readonly #views: FewViews;
  readonly #nodes: ReadonlyMap<string, PlanNode>;
  readonly #relations = new Map<string, Relation>();
  /** Rows that have come from another stage, by the step and the number of the input that they are for. */
  readonly #arrived = new Map<string, Relation>();
  /** Of a source perhaps as it will be, once its bad rows are set aside. */
  readonly #steps: (StepCount | Promise<StepCount>)[] = [];
  readonly #files: OutputFile[] = [];
  readonly #quality: QualityMeasure[] = [];
  readonly #milliseconds: Record<string, number> = {};

  constructor(request: ExecuteRequest, session: Session, rejects: Rejects) {
    this.#request = request;
    this.#session = session;
    this.#rejects = rejects;
    this.#views = new FewViews(session, request.plan);
    this.#nodes = new Map(request.plan.nodes.map((node) => [node.id, node]));
  }

  async run(stage: StagePlan): Promise<ChunkResult> {
    const { plan, solo } = this.#request;
    for (const [node, path] of Object.entries(this.#request.references)) await this.#openReference(node, path);
    for (const exchange of stage.reads ?? []) await this.#openExchange(exchange);
    const stages = solo ? plan.stages : [stage];
    for (const id of stages.flatMap((one) => one.nodes)) await this.#timed(id, () => this.#runNode(id));
    if (!solo) for (const exchange of stage.exchanges) await this.#timed(exchange.id, () => this.#send(exchange));
    await this.#timed('rejects', () => this.#writeRejects());
    const steps = await Promise.all(this.#steps);
    return { steps, files: this.#files, quality: this.#quality, milliseconds: this.#milliseconds };
  }

  #runNode(id: string): Promise<void> {
    const node = this.#nodes.get(id);
    if (!node) throw new TypeError(`the plan has no node ${id}`);
    if (node.kind === 'source') return this.#runSource(node);
    return node.kind === 'step' ? this.#runStep(node) : this.#runOutput(node);
  }

  async #runSource(node: SourceNode): Promise<void> {
    const { inputs, workFolder, signal, cursors } = this.#request;
    const after = cursors?.[node.id];
    const files = inputs.filter((input) => input.of === node.id);
    const connector = this.#component<Connector>(node.component);
    this.#keep(
      await readSource({
        session: this.#session,
        rejects: this.#rejects,
        node,
        connector,
        files,
        workFolder,
        signal,
        goesOn: true,
        ...(after !== undefined && { after }),
      }),
    );
  }

  async #runStep(node: StepNode): Promise<void> {
    const find = (id: string, index: number) => this.#arrived.get(`${node.id} ${index}`) ?? this.#relation(id);
    const step = stepInput(node, { find, plan: this.#request.plan, components: this.#request.components });
    const call = this.#request.functions?.[node.id];
    const result = await runStep({ session: this.#session, rejects: this.#rejects, call, ...step });
    const { callMilliseconds } = result;
    if (callMilliseconds !== undefined) this.#milliseconds[`${callPhase}${node.id}`] = Math.ceil(callMilliseconds);
    this.#keep({ ...result, relation: await this.#views.keep(node, result.relation) });
  }

  async #runOutput(node: OutputNode): Promise<void> {
    const { plan, chunk, stage, workFolder } = this.#request;
    const arrived = this.#arrived.get(`${node.id} 0`) ?? this.#relation(node.input);
    const sink = this.#component<Connector>(node.component).sink!;
    const rules = plan.quality.filter((rule) => rule.output === node.id);
    const write = (input: Relation) =>
      writeOutput({
        session: this.#session,
        node,
        sink,
        input,
        folder: join(workFolder, 'tables', node.id),
        name: `${stage}-${chunk}`,
        ids: this.#request.ids?.[node.id],
        readAgain: plan.quality.length > 0,
        whole: this.#request.solo,
      });
    let input = arrived;
    let taken: Taken | undefined;
    let written: WrittenOutput;
    try {
      written = await write(input);
    } catch (cause) {
      if (!(cause instanceof StepFailedError)) throw cause;
      const session = this.#session;
      // A step behind which there are views fails here again, and says less of it.
      const tried = withoutUnstorable({ session, rejects: this.#rejects, node, sink, input });
      ({ input, taken } = await tried.catch((error) => {
        session.throwIfStopped();
        throw error instanceof PenstockError ? error : cause;
      }));
      if (taken.rejected === 0) throw cause;
      rmSync(join(workFolder, 'tables', node.id), { recursive: true, force: true });
      written = await write(input);
    }
    const { files, from } = written;
    this.#files.push(...files);
    const rowsOut = sumRows(node.id, files, input.rows);
    this.#steps.push(stepCount(node.id, { rowsIn: arrived.rows, ...taken, rowsOut }));
    const measured = await measureRules({
      session: this.#session,
      rules: rules.map((rule) => ({ rule, others: this.#relations.get(rule.side ?? '')?.name })),
      columns: node.columns,
      from,
      total: input.rows,
      whole: this.#request.solo,
      oncePer: input.oncePer,
      components: this.#request.components,
    });
    this.#quality.push(...measured);
  }

  async #send(exchange: Exchange): Promise<void> {
    const { chunk, partitions, workFolder } = this.#request;
    const all = this.#relation(exchange.node);
    const early = exchange.merges && (await this.#mergeEarly(exchange, all));
    const relation = early ? { ...all, rows: early.rows } : all;
    const files = await sendRows({
      session: this.#session,
      exchange,
      relation,
      merged: early?.select,
      partitions,
      folder: join(workFolder, 'exchanges', exchange.id),
      chunk,
      names: this.#rejects.name({}),
    });
    sumRows(exchange.id, files, relation.rows);
    this.#files.push(...files);
  }

  /** What the step that is fed rejects here, it counts here: the rest of its rows are counted where they meet. */
  async #mergeEarly({ feeds }: Exchange, relation: Relation): Promise<EarlyRows> {
    const { plan, components } = this.#request;
    const step = stepInput(this.#nodes.get(feeds.step) as StepNode, { plan, components, find: () => relation });
    const early = await mergeEarly({ session: this.#session, rejects: this.#rejects, ...step });
    const { taken } = early;
    if (taken.rejected > 0)
      this.#steps.push(stepCount(feeds.step, { rowsIn: taken.rejected, ...taken, early: taken.rejected }));
    return early;
  }

  async #writeRejects(): Promise<void> {
    const { chunk, stage, workFolder, plan, components, at } = this.#request;
    await this.#rejects.settled();
    if (this.#rejects.count === 0) return;
    // Later stages have of a source only what travelled.
    const travelled = plan.stages.find(({ id }) => id === stage)?.reads !== undefined;
    await recoverRaw({ plan, components, rejects: this.#rejects, relations: this.#relations, travelled });
    const files = await writeParquet({
      session: this.#session,
      select: this.#rejects.rows(at, { tables: tablesBeyond(plan), meets: tablesOfMeetings(plan, components) }),
      kind: 'rejects',
      of: stage,
      folder: join(workFolder, 'rejects'),
      name: `${stage}-${chunk}`,
      partitionBy: [],
    });
    sumRows('rejects', files, this.#rejects.count);
    this.#files.push(...files);
  }

  async #openReference(id: string, path: string): Promise<void> {
    const node = this.#nodes.get(id);
    if (!node) throw new TypeError(`the plan has no node ${id}`);
    const name = relationName(id);
    const { from, number } = await numberedRows(this.#session, path);
    // Not all types are stored as they are.
    const typed = node.columns.map((column) => `${quoted(column.name)}::${column.type} AS ${quoted(column.name)}`);
    await this.#session.run(
      `CREATE VIEW ${name} AS SELECT ${[...typed, `${number} AS ${rowColumn}`].join(', ')} FROM ${from}`,
    );
    const [rows] = await this.#session.counts(`SELECT count(*) FROM ${name}`);
    this.#relations.set(id, { node: id, name, columns: node.columns, rows: rows! });
  }

  async #openExchange(id: string): Promise<void> {
    const exchange = this.#request.plan.stages.flatMap((one) => one.exchanges).find((one) => one.id === id)!;
    const node = this.#nodes.get(exchange.node)!;
    const files = this.#request.inputs.filter((input) => input.of === exchange.id);
    for (const names of await fileNames(this.#session, files)) this.#rejects.name(names);
    const { step, input } = exchange.feeds;
    this.#arrived.set(`${step} ${input}`, await arrivedRows(this.#session, { exchange, columns: node.columns, files }));
  }

  #component<T>(name: string): T {
    return componentOf(this.#request.components, name);
  }

  #relation(node: string): Relation {
    const found = this.#relations.get(node);
    if (!found) throw new TypeError(`stage ${this.#request.stage} does not have the rows of ${node}`);
    return found;
  }

  #keep({ relation, count }: { relation: Relation; count: StepCount | Promise<StepCount> }): void {
    this.#relations.set(relation.node, relation);
    this.#steps.push(count);
    // Asked for at the end, unless something else fails before.
    Promise.resolve(count).catch(() => {});
  }

  async #timed(phase: string, work: () => Promise<void>): Promise<void> {
    const start = performance.now();
    await work();
    this.#milliseconds[phase] = Math.round(performance.now() - start);
  }
}

/** What was written must be what was counted. */
function sumRows(of: string, files: readonly OutputFile[], expected: number): number {
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  if (rows === expected) return rows;
  throw new CountMismatchError({
    problem: `${of} wrote ${rows} rows where ${expected} were counted`,
    received: rows,
    allowed: expected,
    change: 'report this with the plan: the count and the query disagree',
  });
}
