import { growing } from './growth.ts';
import type { PipelineName } from './pipelines.ts';
import type { ReadBy } from './read-by.ts';

type Ids = readonly number[];

/** Which rows readers may see, by their ids, sorted. Several: runs that ended in the same moment may have published in any order. */
export function expectedRows(
  pipeline: PipelineName,
  completed: readonly ReadBy[],
  published: (run: ReadBy) => Ids,
): readonly Ids[] {
  const all = completed.flatMap(published);
  if (pipeline === 'replace' && completed.length > 0) return latest(completed).map(published).map(sorted);
  if (growing.has(pipeline)) return [sorted([...new Set(all)])];
  if (pipeline !== 'partitions') return [sorted(all)];
  // Of each city, the rows of the last run that had any.
  const parts = [...Map.groupBy(all, (id) => cityOf(id, completed)).keys()].map((city) => {
    const rowsOf = (run: ReadBy) => published(run).filter((id) => cityOf(id, completed) === city);
    return latest(completed.filter((run) => rowsOf(run).length > 0)).map(rowsOf);
  });
  return parts
    .reduce<Ids[]>((states, choices) => states.flatMap((state) => choices.map((rows) => [...state, ...rows])), [[]])
    .map(sorted);
}

/** Those that have ended last: runs that replace wait for each other. */
function latest(runs: readonly ReadBy[]): readonly ReadBy[] {
  const last = Math.max(...runs.map(({ record }) => record.endedAt ?? 0));
  return runs.filter(({ record }) => record.endedAt === last);
}

/** Stands for the city: rows of the same rest have the same one. */
function cityOf(id: number, runs: readonly ReadBy[]): number | undefined {
  const kind = runs.flatMap(({ files }) => files.flatMap(({ rows }) => rows.get(id) ?? []))[0];
  return kind === 'nameless' ? undefined : id % 3;
}

const sorted = (ids: Ids): Ids => ids.toSorted((a, b) => a - b);
