/** Name of the stage that captures references, in keys and in the ledger. */
export const extractStage = 'extract';

/** Name of the stage in which rows are held that a person does not release, in keys and in the ledger. */
export const reviewStage = 'review';

/** Where things lie in the lake. Nothing else in the project puts a key together. */
export interface RunKeys {
  readonly staged: string;
  /** Versions of all objects that the run reads. */
  readonly inputs: string;
  manifest(stage: string): string;
  reference(node: string): string;
  /** Rows of an output that is text, as Parquet, until the run is published. */
  rows(output: string, name: string): string;
  exchange(stage: string, exchange: string, part: string, chunk: string): string;
  fileList(stage: string, chunk: string): string;
  rejects(stage: string, chunk: string): string;
  /** Prefix of all rejects of the run. */
  readonly rejected: string;
  /** Rejects of this run and of its replays, on their way through a replay. */
  replayInput(source: string, digest: string): string;
  readonly report: string;
  /** The report for people. */
  readonly page: string;
  /** OpenLineage events of the run; each redrive ends anew, and has its own. */
  lineage(redrives?: number): string;
}

export function runKeys(pipeline: string, run: string): RunKeys {
  const staged = `staged/${pipeline}/${run}/`;
  return {
    staged,
    inputs: `${staged}manifest/inputs.json`,
    manifest: (stage) => `${staged}manifest/${stage}.json`,
    reference: (node) => `${staged}reference/${node}.parquet`,
    rows: (output, name) => `${staged}rows/${output}/${name}.parquet`,
    exchange: (stage, exchange, part, chunk) => `${staged}${stage}/${exchange}/p=${part}/${chunk}.parquet`,
    fileList: (stage, chunk) => `${staged}files/${stage}-${chunk}.json`,
    rejects: (stage, chunk) => `rejects/${pipeline}/run=${run}/${stage}-${chunk}.parquet`,
    rejected: `rejects/${pipeline}/run=${run}/`,
    replayInput: (source, digest) => `rejects/${pipeline}/replays/${run}/${source}-${digest}.parquet`,
    report: `reports/${pipeline}/${run}.json`,
    page: `reports/${pipeline}/${run}.html`,
    lineage: (redrives = 0) =>
      `reports/${pipeline}/${run}${redrives > 0 ? `.redriven-${redrives}` : ''}.openlineage.json`,
  };
}

/** A plan that runs of the pipeline had, by its digest: what a later one is held against. */
export function planKey(pipeline: string, digest: string): string {
  return `reports/${pipeline}/plans/${digest}.json`;
}

/** What a run has read of the sources that later runs fall back to. */
export function lastGoodKey(pipeline: string, run: string): string {
  return `reports/${pipeline}/inputs/${run}.json`;
}

/**
 * Prefix of the data files that a run adds to what an output publishes.
 * @param place prefix of the output, e.g. `curated/flights/`
 */
export function dataPrefix(place: string, run: string): string {
  return `${place}data/run=${run}/`;
}

/** The run that has added a data file; undefined of a file that other files were merged into, or that is not ours. */
export function runOfKey(place: string, key: string): string | undefined {
  const run = new RegExp(`^${RegExp.escape(place)}data/run=([^/]+)/`).exec(key)?.[1];
  return run?.startsWith('compact-') ? undefined : run;
}

export function metadataKey(place: string, version: number, run: string): string {
  return `${place}metadata/${numbered(version)}-${run}.json`;
}

/** Metadata of a table; readers of Iceberg know it by its ending. */
export function tableMetadataKey(place: string, version: number, run: string): string {
  return `${place}metadata/${numbered(version)}-${run}.metadata.json`;
}

/** The version in either key. */
export function versionOf(metadataKey: string): number {
  return Number(/(\d+)-[^/]*$/.exec(metadataKey)?.[1]);
}

/** What tells readers without a catalog which files a version has: the last key of its prefix is the newest one. */
export function manifestKey(place: string, version: number): string {
  return `${place}manifests/${numbered(version)}.json`;
}

const numbered = (version: number) => String(version).padStart(8, '0');
