import type { DroppedFile } from './acts.ts';
import type { RowKind } from './history.ts';
import type { PipelineName } from './pipelines.ts';
import type { ReadBy } from './read-by.ts';

/** Pipelines that go on by the times of their rows. They read one file, each version of which has all rows of those before. */
export const growing: ReadonlySet<PipelineName> = new Set(['cursor', 'backfilled']);

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const first = Date.UTC(2025, 11, 1);

/** How late rows may come, as pipelines say it; none may where one says nothing. */
export const lags: Readonly<Partial<Record<PipelineName, number>>> = { backfilled: 2 * hour };

/**
 * When a row came about, in milliseconds since the epoch: on a day for each version of the file, counted from its number.
 * A late one came about before the last rows of the version before.
 */
export function timeOfRow(id: number, kind: RowKind): number {
  const noon = first + Math.floor(id / 1000) * day + 12 * hour + (id % 1000) * minute;
  return kind === 'late' ? noon - day - hour : noon;
}

/** Midnight before the rows of the version of such a number. */
export const dayOf = (number: number) => textOf(first + number * day).slice(0, 10);

/** As the engine prints it. */
export const textOf = (time: number) => new Date(time).toISOString().slice(0, 19).replace('T', ' ');

const timeOfText = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`);

/** The largest time of rows that the contract takes; undefined where there is none. */
export function topOf(files: readonly DroppedFile[]): number | undefined {
  const times = files.flatMap(({ rows }) =>
    [...rows].flatMap(([id, kind]) => (kind === 'bad' ? [] : [timeOfRow(id, kind)])),
  );
  return times.length > 0 ? Math.max(...times) : undefined;
}

type Takes = (id: number, kind: RowKind) => boolean;

/** Which rows of its file a run is asked for: of a slice of a backfill those of its range. */
export function asked({ record: { trigger } }: ReadBy): Takes {
  if (trigger.kind !== 'backfill') return () => true;
  const [from, to] = [trigger.parameters!.from, trigger.parameters!.to].map((text) => timeOfText(String(text)));
  return (id, kind) => timeOfRow(id, kind) >= from! && timeOfRow(id, kind) < to!;
}

/** The same without those that it has passed over, because runs before had taken them. */
export function taken(run: ReadBy): Takes {
  const { record, cursor } = run;
  if (cursor === undefined) return asked(run);
  const last = timeOfText(cursor) - (lags[record.pipeline as PipelineName] ?? 0);
  return (id, kind) => kind === 'bad' || timeOfRow(id, kind) > last;
}
