import { LedgerImbalanceError } from '../../core/errors/ledger-imbalance-error.ts';
import { runKeys } from '../keys.ts';
import type { StageInput } from '../messages.ts';
import type { ObjectStore } from '../ports/object-store.ts';

/** An object that the run reads, in exactly this version. */
export interface PinnedObject {
  readonly source: string;
  readonly key: string;
  readonly versionId?: string;
  readonly size: number;
}

/** What a run reads, decided once: a repeated Extract finds the same files, whatever has arrived since. */
export interface PinnedInputs {
  readonly main: readonly PinnedObject[];
  readonly references: readonly PinnedObject[];
}

/** The inputs that the run was pinned to before, or those of `select`, pinned now. */
export async function pinnedInputs(
  objects: ObjectStore,
  input: StageInput,
  select: () => Promise<PinnedInputs>,
): Promise<PinnedInputs> {
  const existing = await readPinnedInputs(objects, input);
  if (existing) return existing;
  const selected = await select();
  const key = runKeys(input.pipeline, input.run).inputs;
  if ((await objects.createText(key, JSON.stringify(selected))) === 'written') return selected;
  return requirePinnedInputs(objects, input);
}

export async function readPinnedInputs(
  objects: ObjectStore,
  input: Pick<StageInput, 'pipeline' | 'run'>,
): Promise<PinnedInputs | undefined> {
  const text = await objects.readText(runKeys(input.pipeline, input.run).inputs);
  return text === undefined ? undefined : (JSON.parse(text) as PinnedInputs);
}

/** Throws `LedgerImbalanceError` where the list is gone: without it nothing proves what came in. */
export async function requirePinnedInputs(
  objects: ObjectStore,
  input: Pick<StageInput, 'pipeline' | 'run'>,
): Promise<PinnedInputs> {
  const inputs = await readPinnedInputs(objects, input);
  if (inputs) return inputs;
  throw new LedgerImbalanceError({
    problem: 'the list of the files that this run reads is gone',
    received: runKeys(input.pipeline, input.run).inputs,
    change: 'start the run again; keep staged data for longer than a run takes',
  });
}
