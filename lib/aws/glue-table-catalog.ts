import {
  CreateTableCommand,
  EntityNotFoundException,
  GetTableCommand,
  type GlueClient,
  paginateGetTables,
  type Table,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { ServiceRequestError } from '../core/errors/service-request-error.ts';
import type { ObjectStore } from '../runtime/ports/object-store.ts';
import type { CommitOutcome, TableCatalog, TableCommit, TablePointer } from '../runtime/ports/table-catalog.ts';
import { commitOfMetadata, readMetadata, snapshotOfRun } from '../runtime/publish/read-table.ts';
import { keyOf } from '../runtime/publish/table-files.ts';
import type { DynamodbCommits } from './dynamodb-commits.ts';
import { tableInput } from './glue-table-input.ts';
import { translateFailure } from './translate-failure.ts';

export interface GluePlace {
  readonly client: GlueClient;
  readonly database: string;
  /** The lake: a table's metadata says what it holds. */
  readonly objects: Pick<ObjectStore, 'uri' | 'readText'>;
  /** Says whether a run may publish, and remembers that it did. */
  readonly commits: Pick<DynamodbCommits, 'find' | 'begin' | 'end'>;
}

/** What Glue says where another update, or another table of the name, was faster. */
const lost = {
  'glue:UpdateTable': /^(ConcurrentModificationException|VersionMismatchException|EntityNotFoundException)$/,
  'glue:CreateTable': /^(ConcurrentModificationException|AlreadyExistsException)$/,
};

/**
 * Tables in the catalog of AWS Glue, where every reader of Iceberg finds them. Which version of a table readers see is
 * decided there alone, by one update that names the version which it follows. Whether the run may publish is decided in
 * the run table before: a commit that was begun there is never taken back.
 */
export class GlueTableCatalog implements TableCatalog {
  readonly #place: GluePlace;
  /** As each table was seen last. */
  readonly #known = new Map<string, Table>();

  constructor(place: GluePlace) {
    this.#place = place;
  }

  async pointer(table: string): Promise<TablePointer> {
    const found = await this.#find(table);
    return found ? this.#pointerOf(found) : { table, version: 0, rows: 0, bytes: 0, files: 0 };
  }

  async version(table: string): Promise<number> {
    const found = await this.#find(table);
    return found ? versionOf(found) : 0;
  }

  async commitOf(table: string, run: string): Promise<TableCommit | undefined> {
    const begun = await this.#place.commits.find(table, run);
    if (!begun) return undefined;
    if (begun.done) return begun.done;
    // Who began it may have died before it could write down that it succeeded.
    const found = await this.#find(table);
    if (!found) return undefined;
    const key = this.#metadataOf(found);
    const metadata = await readMetadata(this.#place.objects, key);
    const snapshot = snapshotOfRun(metadata, run);
    if (!snapshot) return undefined;
    const done = { ...commitOfMetadata(table, key, metadata, snapshot), version: versionOf(found), run };
    await this.#place.commits.end(done);
    return done;
  }

  async begun(table: string, run: string): Promise<boolean> {
    return (await this.#place.commits.find(table, run)) !== undefined;
  }

  async commit(next: TableCommit): Promise<CommitOutcome> {
    const outcome = await this.#place.commits.begin(next.table, next.run);
    if (outcome !== 'begun') return outcome;
    if (!(await this.#move(next))) return 'conflict';
    await this.#place.commits.end(next);
    return 'committed';
  }

  async compact(next: TableCommit): Promise<'committed' | 'conflict'> {
    return (await this.#move(next)) ? 'committed' : 'conflict';
  }

  async tables(): Promise<readonly TablePointer[]> {
    const { client, database } = this.#place;
    const tables: Table[] = [];
    await translateFailure('glue:GetTables', async () => {
      for await (const { TableList = [] } of paginateGetTables({ client }, { DatabaseName: database }))
        tables.push(...TableList.filter(isIceberg));
    });
    return Promise.all(tables.map((table) => this.#pointerOf(table)));
  }

  /** False where the table does not stand at the version before `next` any longer. */
  async #move(next: TableCommit): Promise<boolean> {
    const { client, database, objects } = this.#place;
    // What `next` was made for was mostly read just now, and Glue refuses to change it where it is no longer so.
    const known = this.#known.get(next.table);
    const before = known && versionOf(known) === next.version - 1 ? known : await this.#find(next.table);
    // Glue would refuse it, too: this spares the call.
    if ((before ? versionOf(before) : 0) !== next.version - 1) return false;
    const metadata = await readMetadata(objects, next.metadata!);
    const input = tableInput({ name: next.table, location: `${objects.uri}/${next.metadata}`, metadata, before });
    const place = { DatabaseName: database, TableInput: input };
    // Iceberg's metadata has all states. Glue would keep 100,000 of its own, and then refuse each further commit.
    const move = before
      ? () => client.send(new UpdateTableCommand({ ...place, VersionId: before.VersionId, SkipArchive: true }))
      : () => client.send(new CreateTableCommand(place));
    const operation = before ? 'glue:UpdateTable' : 'glue:CreateTable';
    return translateFailure(operation, async () => {
      try {
        await move();
        return true;
      } catch (error) {
        if (lost[operation].test((error as Error).name)) return false;
        throw error;
      }
    });
  }

  async #find(table: string): Promise<Table | undefined> {
    const { client, database } = this.#place;
    const get = new GetTableCommand({ DatabaseName: database, Name: table });
    return translateFailure('glue:GetTable', async () => {
      try {
        const found = (await client.send(get)).Table;
        if (found) this.#known.set(table, found);
        return found;
      } catch (error) {
        if (error instanceof EntityNotFoundException) return undefined;
        throw error;
      }
    });
  }

  async #pointerOf(table: Table): Promise<TablePointer> {
    const key = this.#metadataOf(table);
    const metadata = await readMetadata(this.#place.objects, key);
    return { ...commitOfMetadata(table.Name!, key, metadata), version: versionOf(table) };
  }

  #metadataOf(table: Table): string {
    if (isIceberg(table)) return keyOf(this.#place.objects, table.Parameters!.metadata_location!);
    throw new ServiceRequestError({
      problem: `the table "${table.Name}" of the catalog is none of Iceberg`,
      received: table.Parameters?.table_type ?? table.TableType ?? 'no type',
      allowed: 'a table that a run of a pipeline has made',
      change: `remove it from the database "${this.#place.database}", or publish under another name`,
    });
  }
}

function isIceberg({ Parameters }: Table): boolean {
  return Parameters?.table_type?.toUpperCase() === 'ICEBERG' && Parameters.metadata_location !== undefined;
}

/** Glue counts versions from 0; where there is no table, there is version 0 of ours. */
function versionOf({ VersionId }: Table): number {
  return Number(VersionId) + 1;
}
