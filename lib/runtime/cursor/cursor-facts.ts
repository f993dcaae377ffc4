import { currentSnapshot, type Snapshot, type TableMetadata } from '../../iceberg/table-metadata.ts';

/** Begins the facts of a snapshot that say how far a pipeline has taken its sources into the table. */
const cursorFact = 'penstock.cursor.';

/** Name of the fact for one source. Names of pipelines have no dots. */
export function cursorFactOf(pipeline: string, source: string): string {
  return `${cursorFact}${pipeline}.${source}`;
}

/**
 * All cursors of a table, by the names of their facts. They are part of the state that readers see: where that goes back,
 * they do, too. Each of our snapshots has those of the one before; a foreign one has none, and then its ancestors say.
 */
export function cursorFactsOf(metadata: TableMetadata): Readonly<Record<string, string>> {
  const byId = new Map(metadata.snapshots.map((one) => [one['snapshot-id'], one]));
  let snapshot: Snapshot | undefined = currentSnapshot(metadata);
  while (snapshot) {
    const facts = Object.entries(snapshot.summary).filter(([name]) => name.startsWith(cursorFact));
    if (facts.length > 0) return Object.fromEntries(facts);
    const parent: number | undefined = snapshot['parent-snapshot-id'];
    snapshot = parent === undefined ? undefined : byId.get(parent);
  }
  return {};
}
