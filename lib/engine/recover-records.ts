import { dirname } from 'node:path';
import type { Connector } from '../component/connector.ts';
import type { SourceNode } from '../component/plan.ts';
import { holdsRestricted } from '../component/restricted-columns.ts';
import { literal } from '../component/shape.ts';
import { namesOf, Rejects } from './rejects.ts';
import { rowBits, rowColumn } from './relation.ts';
import { rowAsJson } from './row-as-json.ts';
import { Session } from './session.ts';
import { readSource } from './source.ts';

/** Records of one file, by their numbers. */
export interface RecordPlaces {
  readonly source: string;
  readonly file: string;
  readonly version: string | null;
  /** From 1. */
  readonly rows: readonly number[];
}

export interface RecoverRequest {
  readonly node: SourceNode;
  readonly connector: Connector;
  readonly places: RecordPlaces;
  /** The file itself, on this machine. */
  readonly path: string;
  /** Parquet file to write: `file`, `version`, `row`, `raw`. */
  readonly to: string;
  /** An empty folder. */
  readonly workFolder: string;
}

/** Reads records of a file again, as far as they fit the contract, and writes them as the raw text of rejects. */
export async function recoverRecords(request: RecoverRequest): Promise<void> {
  const { node, connector, places, path, to, workFolder } = request;
  const folders = [...new Set([workFolder, dirname(path), dirname(to)])];
  const session = await Session.open({
    folders,
    memoryMegabytes: 4096,
    threads: 2,
    discreet: holdsRestricted({ nodes: [node] }),
  });
  try {
    const { file: key, version, rows } = places;
    const files = [{ path, key, ...(version !== null && { version }), of: node.id, file: 0 }];
    const rejects = await Rejects.open(session, 'process', namesOf(files), { nodes: [node] });
    const { relation } = await readSource({ session, rejects, node, connector, files, workFolder });
    const place = `${rowColumn} & ${2n ** BigInt(rowBits) - 1n}`;
    await session.run(
      `COPY (SELECT ${literal(key)} AS file, ${version === null ? 'NULL::VARCHAR' : literal(version)} AS version, ${place} AS "row", ${rowAsJson(relation.columns)} AS raw ` +
        `FROM ${relation.name} WHERE ${place} IN (${rows.join(', ')})) TO ${literal(to)} (FORMAT parquet)`,
    );
  } finally {
    session.close();
  }
}
