import { countryOf } from './acts.ts';
import type { PipelineName } from './pipelines.ts';
import type { LakeView } from './world/lake-view.ts';
import type { World } from './world/world.ts';

interface Published {
  /** Ids of the rows that readers see, sorted. */
  readonly published: readonly number[];
  /** What outputs of the same rows do not agree on. */
  readonly problems: readonly string[];
}

/** What readers see of the rows of a pipeline, in all of its outputs. */
export function publishedRows(world: World, lake: LakeView, pipeline: PipelineName): Promise<Published> {
  return pipeline === 'exports' ? exportedRows(lake, pipeline) : tableRows(world, lake, pipeline);
}

async function tableRows(world: World, lake: LakeView, pipeline: PipelineName): Promise<Published> {
  const database = world.output('CatalogName');
  const files = (await lake.tableFiles(database, `${pipeline}_rows`)) ?? [];
  const rows = await lake.rows(files, ['id', 'city', 'n']);
  const sums = await lake.rows((await lake.tableFiles(database, `${pipeline}_sums`)) ?? [], ['city', 'rows', 'n']);
  const [ofRows, ofSums] = [summed(rows.map(([, city, n]) => [city!, '1', n!])), summed(sums)];
  // Of a reviewed run, rows are held that the sums hold: no rule is about these. Merged sums are those of the last run; of rows that are asked for again there are none.
  const differ = pipeline === 'reviewed' || pipeline === 'merged' || pipeline === 'backfilled';
  const problems = ofRows === ofSums || differ ? [] : [`the rows make ${ofRows}, the table of sums says ${ofSums}`];
  if (pipeline === 'looked') problems.push(...(await wrongCountries(lake, files)));
  return { published: idsOf(rows), problems };
}

/** All rows of a run are looked up in one edition; rows of a file are of one run. */
async function wrongCountries(lake: LakeView, files: readonly string[]): Promise<string[]> {
  const rows = await lake.rows(files, ['id', 'city', 'country']);
  const ofFiles = Map.groupBy(rows, ([id]) => Math.floor(Number(id) / 1000));
  return [...ofFiles].flatMap(([file, own]) => {
    const isOf = (edition: number) => own.every(([, city, country]) => country === (city && countryOf(city, edition)));
    return isOf(1) || isOf(2) ? [] : [`countries of rows of file ${file} are ${own.map((row) => row.join(' '))}`];
  });
}

/** Each output names its files in one object, the newest of which counts. */
async function exportedRows(lake: LakeView, pipeline: PipelineName): Promise<Published> {
  const ids: number[][] = [];
  for (const format of ['csv', 'ndjson']) {
    const manifest = (await lake.keys(`exports/${pipeline}/${format}/manifests/`)).sort().at(-1);
    const { entries } = manifest ? JSON.parse((await lake.text(manifest))!) : { entries: [] };
    const keys = entries.map(({ url }: { url: string }) => new URL(url).pathname.slice(1));
    ids.push(idsOf(await lake.rows(keys, ['id'])));
  }
  const [csv, ndjson] = ids as [number[], number[]];
  const problems = csv.join() === ndjson.join() ? [] : [`csv holds [${csv}], ndjson holds [${ndjson}]`];
  return { published: csv, problems };
}

function idsOf(rows: readonly (readonly (string | null)[])[]): number[] {
  return rows.map(([id]) => Number(id)).sort((a, b) => a - b);
}

function summed(rows: readonly (readonly (string | null)[])[]): string {
  const cities = new Map<string, [number, number]>();
  for (const [city, count, n] of rows) {
    const before = cities.get(String(city)) ?? [0, 0];
    cities.set(String(city), [before[0] + Number(count), before[1] + Number(n)]);
  }
  return JSON.stringify([...cities].sort(([a], [b]) => (a < b ? -1 : 1)));
}
