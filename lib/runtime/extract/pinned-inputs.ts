import type { FieldIds } from '../../component/field-id.ts';
import { LedgerImbalanceError } from '../../core/errors/ledger-imbalance-error.ts';
import { runKeys } from '../keys.ts';
import type { StageInput, TextPart } from '../messages.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { SecretVersions } from '../read-secrets.ts';
import type { Growth } from './growth-claims.ts';

type RunName = Pick<StageInput, 'pipeline' | 'run'>;

/** An object that the run reads, in exactly this version. */
export interface PinnedObject {
  readonly source: string;
  readonly key: string;
  readonly versionId?: string;
  readonly size: number;
  /** Of a file of a table whose columns were others once: metadata of the table by whose ids it is read. Absent: by names. */
  readonly metadata?: string;
  /** True where it holds rejects of an earlier run. */
  readonly rejects?: true;
  /** Version of the same content that came before, and is taken with it. Absent: there is none. */
  readonly repeats?: string;
  /** Of a file that only grows: what was added, and how far it is taken with that. `size` is that of what is read. */
  readonly grown?: { readonly parts: readonly TextPart[]; readonly growth: Growth };
}

/** What a run reads, decided once: a repeated Extract finds the same files, whatever has arrived since. */
export interface PinnedInputs {
  readonly main: readonly PinnedObject[];
  /** Read in chunks like `main`, by every run. */
  readonly whole: readonly PinnedObject[];
  readonly references: readonly PinnedObject[];
  /** Versions of the keys that its steps hash with. Absent: they hash with none. */
  readonly secrets?: SecretVersions;
  /** Sources in whose place something else was found. Absent: none. */
  readonly fallbacks?: readonly FallbackUse[];
  /** By output and column: ids that files of tables are written with, where these do not follow from names. Absent: all do. */
  readonly ids?: ColumnIds;
  /** Where its sources go on, by source. Absent: none does. */
  readonly cursors?: Readonly<Record<string, PinnedCursor>>;
}

/** By output node and column. */
export type ColumnIds = Readonly<Record<string, Readonly<Record<string, FieldIds>>>>;

/** Texts of values of the column by which a source goes on. */
export interface PinnedCursor {
  /** Rows at or below it are passed over. Absent: it was not taken before. */
  readonly position?: string;
  /** True where the run does not take it further, because it does again what another run did. */
  readonly stays?: true;
}

/** That something else was read than a source says, and why. */
export interface FallbackUse {
  /** Node id of the source. */
  readonly source: string;
  readonly used: 'empty' | 'last-good' | 'source';
  /** Connector that was read instead. */
  readonly component?: string;
  /** Run that had read the last good copy. */
  readonly run?: string;
  readonly files: number;
  /** Class name of the error. */
  readonly error: string;
  readonly reason: string;
}

/**
 * Pins the run to `selected`, unless an earlier attempt has pinned it. Written before it is read: S3 refuses to say that
 * an object does not exist to those who may not list.
 */
export async function pinInputs(objects: ObjectStore, input: RunName, selected: PinnedInputs): Promise<PinnedInputs> {
  const key = runKeys(input.pipeline, input.run).inputs;
  if ((await objects.createText(key, JSON.stringify(selected))) === 'written') return selected;
  return pinnedInputs(objects, input);
}

/**
 * What the run was pinned to in Extract. Throws `LedgerImbalanceError` where the list is gone: without it nothing proves
 * what came in.
 */
export async function pinnedInputs(objects: ObjectStore, input: RunName): Promise<PinnedInputs> {
  const key = runKeys(input.pipeline, input.run).inputs;
  const text = await objects.readText(key);
  if (text !== undefined) return JSON.parse(text) as PinnedInputs;
  throw new LedgerImbalanceError({
    problem: 'the list of the files that this run reads is gone',
    received: key,
    change: 'start the run again; keep staged data for longer than a run takes',
  });
}
