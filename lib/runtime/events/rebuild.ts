import type { Circuit } from '../ports/circuits.ts';
import type { PipelineRecord } from '../ports/pipeline-store.ts';
import type { RunRecord } from '../ports/run-store.ts';
import type { CloudEvent } from './cloud-event.ts';

/** What the archive says of the world: the records of runs, pipelines and circuits, by name. */
export interface RebuiltState {
  readonly runs: ReadonlyMap<string, RunRecord>;
  readonly pipelines: ReadonlyMap<string, PipelineRecord>;
  /** As they last opened, were probed or closed; failures that were counted since are told by nothing. */
  readonly circuits: ReadonlyMap<string, Circuit>;
}

/**
 * Builds the records that events tell of, in whatever order and how often they come: the one with the highest number is
 * the state. Tokens of reviews are in no event, so the records have none.
 */
export function rebuild(events: Iterable<CloudEvent>): RebuiltState {
  const rebuilding = new Rebuilding();
  for (const event of events) rebuilding.take(event);
  return rebuilding.state();
}

/** The same, event by event: an archive holds some ten of them for each record. */
export class Rebuilding {
  readonly #runs = new Map<string, Numbered<RunRecord>>();
  readonly #pipelines = new Map<string, Numbered<PipelineRecord>>();
  readonly #circuits = new Map<string, Numbered<Circuit>>();

  take({ run, pipeline, data }: CloudEvent): void {
    const { system, version, sequence, record } = data as Partial<ChangeData>;
    if (system !== undefined && version !== undefined && record !== undefined)
      keepNewest(this.#circuits, system, { sequence: version, record: record as Circuit });
    if (sequence === undefined || record === undefined) return;
    if (run === undefined) keepNewest(this.#pipelines, pipeline, { sequence, record: record as PipelineRecord });
    else keepNewest(this.#runs, run, { sequence, record: record as RunRecord });
  }

  state(): RebuiltState {
    return {
      runs: recordsOf(this.#runs),
      pipelines: recordsOf(this.#pipelines),
      circuits: recordsOf(this.#circuits),
    };
  }
}

/** Circuits count their changes by a version, runs and pipelines by a sequence. */
interface ChangeData {
  readonly system: string;
  readonly version: number;
  readonly sequence: number;
  readonly record: object;
}

interface Numbered<Value> {
  readonly sequence: number;
  readonly record: Value;
}

function keepNewest<Value>(known: Map<string, Numbered<Value>>, name: string, next: Numbered<Value>): void {
  if (next.sequence > (known.get(name)?.sequence ?? 0)) known.set(name, next);
}

function recordsOf<Value>(known: ReadonlyMap<string, Numbered<Value>>): ReadonlyMap<string, Value> {
  return new Map([...known].map(([name, { record }]) => [name, record]));
}
