import { currentSnapshot, type Snapshot, type TableMetadata } from '../../iceberg/table-metadata.ts';
import { layoutProperty, runFact } from '../publish/read-table.ts';

/** Begins the facts of a snapshot that say how far a pipeline has taken its sources into the table. */
const cursorFact = 'penstock.cursor.';

/** The fact that cursors were lost, until somebody sets them: those of sources have one more dot in their names. */
export const lostCursors = `${cursorFact}lost`;

/** Name of the fact for one source. Names of pipelines have no dots. */
export function cursorFactOf(pipeline: string, source: string): string {
  return `${cursorFact}${pipeline}.${source}`;
}

/**
 * All cursors of a table, by the names of their facts. They are part of the state that readers see: where that goes back,
 * they do, too. Each of our snapshots has those of the one before; a foreign one has none, and then its ancestors say.
 * Where those are gone, `lostCursors` stands for what they said, and our next snapshot keeps that.
 */
export function cursorFactsOf(metadata: TableMetadata): Readonly<Record<string, string>> {
  const { snapshot, isCut } = tellingSnapshot(metadata);
  if (snapshot) return Object.fromEntries(cursorEntries(snapshot));
  return isCut && layoutProperty in metadata.properties ? { [lostCursors]: 'true' } : {};
}

/**
 * The newest snapshot, of those that readers see and its ancestors, that says what was taken: the newest of ours. `isCut`:
 * there is none, and ancestors that may have said it were removed.
 */
export function tellingSnapshot(metadata: TableMetadata): { readonly snapshot?: Snapshot; readonly isCut: boolean } {
  const byId = new Map(metadata.snapshots.map((one) => [one['snapshot-id'], one]));
  let snapshot: Snapshot | undefined = currentSnapshot(metadata);
  let isCut = false;
  while (snapshot) {
    if (runFact in snapshot.summary || cursorEntries(snapshot).length > 0) return { snapshot, isCut: false };
    const parent: number | undefined = snapshot['parent-snapshot-id'];
    snapshot = parent === undefined ? undefined : byId.get(parent);
    isCut = parent !== undefined && snapshot === undefined;
  }
  return { isCut };
}

const cursorEntries = ({ summary }: Snapshot) =>
  Object.entries(summary).filter(([name]) => name.startsWith(cursorFact));
