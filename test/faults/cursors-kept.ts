import type { DroppedFile } from './acts.ts';
import { growing, textOf, topOf } from './growth.ts';
import type { PipelineName } from './pipelines.ts';
import type { ReadBy } from './read-by.ts';
import type { LakeView, StateOfTable } from './world/lake-view.ts';
import type { World } from './world/world.ts';

interface Published {
  readonly runs: readonly ReadBy[];
  /** Ids of the rows that a run is to bring. */
  readonly of: (run: ReadBy) => readonly number[];
}

/**
 * In each state that a table ever had: the cursor stands at the last row that runs of the pipeline had brought by then, a
 * backfill has not moved it, and the rows are theirs. A cursor that moved before its rows, or after them, or for a run
 * that failed, is told by a state; it need not be there at the end.
 */
export async function cursorsOtherwise(
  world: World,
  lake: LakeView,
  pipeline: PipelineName,
  published: Published,
): Promise<string[]> {
  if (!growing.has(pipeline)) return [];
  const problems: string[] = [];
  for (const table of [`${pipeline}_rows`, `${pipeline}_sums`]) {
    const states = await lake.tableStates(world.output('CatalogName'), table);
    problems.push(...statesOtherwise(table, states, published));
    if (table.endsWith('_rows')) problems.push(...(await rowsOtherwise(lake, states, published)));
  }
  return problems;
}

const cursorPrefix = 'penstock.cursor.';

function statesOtherwise(table: string, states: readonly StateOfTable[], { runs }: Published): string[] {
  const before: DroppedFile[] = [];
  return states.flatMap(({ facts }) => {
    const run = runs.find(({ record }) => record.run === facts['penstock.run']);
    if (!run) return [`${table} has a state of ${facts['penstock.run']}, which did not publish`];
    if (run.record.trigger.kind !== 'backfill') before.push(...run.files);
    const top = topOf(before);
    const expected = top === undefined ? '' : textOf(top);
    const said = Object.entries(facts).flatMap(([name, value]) => (name.startsWith(cursorPrefix) ? [value] : []));
    return said.join() === expected
      ? []
      : [
          `the cursor in ${table} after ${run.record.run} is ${said.join(' and ') || 'none'}, not ${expected || 'none'}`,
        ];
  });
}

async function rowsOtherwise(
  lake: LakeView,
  states: readonly StateOfTable[],
  { runs, of }: Published,
): Promise<string[]> {
  const problems: string[] = [];
  const brought = new Set<number>();
  for (const { facts, files } of states) {
    const run = runs.find(({ record }) => record.run === facts['penstock.run']);
    for (const id of run ? of(run) : []) brought.add(id);
    const ids = (await lake.rows(files, ['id'])).map(([id]) => Number(id)).sort((a, b) => a - b);
    const expected = [...brought].sort((a, b) => a - b);
    if (ids.join() !== expected.join())
      problems.push(`after ${run?.record.run} readers saw [${ids.join(', ')}], not [${expected.join(', ')}]`);
  }
  return problems;
}
