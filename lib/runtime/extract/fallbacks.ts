import { fallsBack, type SourceNode } from '../../component/plan.ts';
import { InputMissingError } from '../../core/errors/input-missing-error.ts';
import { failureFields, failureOf } from '../failure.ts';
import { lastGoodKey } from '../keys.ts';
import type { ExtractInput } from '../messages.ts';
import { type PipelineCode, sourcesOf } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { currentObjects, type SelectPorts } from './current-objects.ts';
import type { FallbackUse, PinnedObject } from './pinned-inputs.ts';

type FallbackPorts = SelectPorts & Pick<Ports, 'logger'>;

/** So many of the pipeline's newest runs are looked through for one that completed. */
const lookedThrough = 200;

/** What a run reads in place of sources that it cannot read; nothing before all attempts to read them are spent. */
export class Fallbacks {
  readonly #ports: FallbackPorts;
  readonly #pipeline: PipelineCode;
  readonly #input: ExtractInput;
  readonly #used = new Map<string, FallbackUse>();

  constructor(ports: FallbackPorts, pipeline: PipelineCode, input: ExtractInput) {
    this.#ports = ports;
    this.#pipeline = pipeline;
    this.#input = input;
  }

  /** In the order of the plan. */
  get used(): readonly FallbackUse[] {
    return this.#pipeline.plan.nodes.flatMap(({ id }) => this.#used.get(id) ?? []);
  }

  /** Takes in what an earlier attempt has used. */
  take(uses: readonly FallbackUse[] = []): void {
    for (const use of uses) this.#used.set(use.source, use);
  }

  /** What a source holds; where that cannot be told, what stands in for it. Throws what went wrong where nothing does. */
  async objectsOf(source: SourceNode, read: () => Promise<PinnedObject[]>): Promise<readonly PinnedObject[]> {
    try {
      return await read();
    } catch (error) {
      if (!this.#isLast(source)) throw error;
      return this.#instead(source, error);
    }
  }

  /**
   * What is read in place of the sources of a captured dataset that could not be read, or whose rows were no good. Throws
   * what went wrong where nothing stands in for any of them, or all of that was in use already.
   */
  async objectsInstead(node: string, objects: readonly PinnedObject[], error: unknown): Promise<PinnedObject[]> {
    const sources = sourcesOf(this.#pipeline.plan, node).filter((one) => this.#isLast(one) && !this.#used.has(one.id));
    if (sources.length === 0) throw error;
    const replaced = await Promise.all(sources.map((source) => this.#instead(source, error)));
    const ids = sources.map(({ id }) => id);
    return [...objects.filter(({ source }) => !ids.includes(source)), ...replaced.flat()];
  }

  #isLast({ fallback }: SourceNode): boolean {
    return this.#input.fallback === true && fallback !== undefined;
  }

  async #instead(source: SourceNode, error: unknown): Promise<readonly PinnedObject[]> {
    const { fallback, id } = source;
    const found = await this.#find(source);
    const use: FallbackUse = {
      source: id,
      used: typeof fallback === 'object' ? 'source' : fallback!,
      ...(typeof fallback === 'object' && { component: fallback.component }),
      ...(found.run !== undefined && { run: found.run }),
      files: found.objects.length,
      error: failureOf(error).error,
      reason: String(failureFields(error).reason),
    };
    this.#used.set(id, use);
    this.#ports.logger.warn('source is not read, something else is', { ...use });
    return found.objects;
  }

  async #find(source: SourceNode): Promise<{ readonly objects: readonly PinnedObject[]; readonly run?: string }> {
    const { fallback } = source;
    if (fallback === 'empty') return { objects: [] };
    if (fallback === 'last-good') return this.#lastGood(source);
    const objects = await currentObjects(this.#ports, this.#pipeline, { ...source, ...fallback! });
    if (objects.length > 0) return { objects };
    throw new InputMissingError({
      problem: `what is read in place of the source "${source.id}" has no file either`,
      received: JSON.stringify(fallback!.options),
      change: 'put the file there and start the run again',
    });
  }

  /** What the newest completed run read of it, where that run noted it. */
  async #lastGood({ id }: SourceNode): Promise<{ readonly objects: readonly PinnedObject[]; readonly run: string }> {
    const { pipeline } = this.#input;
    const { runs } = await this.#ports.runs.list({ pipeline, limit: lookedThrough });
    for (const { run, state } of runs) {
      if (state !== 'Completed') continue;
      const text = await this.#ports.objects.readText(lastGoodKey(pipeline, run));
      const noted = text === undefined ? undefined : (JSON.parse(text) as LastGood)[id];
      if (noted) return { objects: noted, run };
    }
    throw new InputMissingError({
      problem: `no completed run has read the source "${id}" yet, so there is no good copy of it`,
      received: `${runs.filter(({ state }) => state === 'Completed').length} completed among the last ${runs.length}`,
      allowed: 'a source that a completed run has read',
      change: 'bring the source back and start the run again',
    });
  }
}

/** What a run has read of the sources that later runs may fall back to, by source. */
export type LastGood = Readonly<Record<string, readonly PinnedObject[]>>;

/** Notes what this run reads, for runs that cannot read it. It counts once the run has completed. */
export async function noteLastGood(
  { objects }: Pick<Ports, 'objects'>,
  { plan }: PipelineCode,
  { pipeline, run }: Pick<ExtractInput, 'pipeline' | 'run'>,
  read: readonly PinnedObject[],
): Promise<void> {
  if (!fallsBack(plan)) return;
  const sources = plan.nodes.filter((node) => node.kind === 'source' && node.fallback === 'last-good');
  if (sources.length === 0) return;
  const noted = Object.fromEntries(sources.map(({ id }) => [id, read.filter(({ source }) => source === id)]));
  await objects.createText(lastGoodKey(pipeline, run), JSON.stringify(noted satisfies LastGood));
}
