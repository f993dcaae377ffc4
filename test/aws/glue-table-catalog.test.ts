import { GetTableVersionsCommand, type GlueClient } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DynamodbCommits } from '../../lib/aws/dynamodb-commits.ts';
import { DynamodbRunStore } from '../../lib/aws/dynamodb-run-store.ts';
import { DynamodbTable } from '../../lib/aws/dynamodb-table.ts';
import { GlueTableCatalog } from '../../lib/aws/glue-table-catalog.ts';
import type { TableCommit } from '../../lib/runtime/ports/table-catalog.ts';
import { createDynamodb } from '../../local/services/dynamodb/index.ts';
import { createGlue } from '../../local/services/glue/index.ts';
import { runRecord } from '../fixtures/ports/contracts/run-store.ts';
import { tableCatalogContract } from '../fixtures/ports/contracts/table-catalog.ts';
import { MemoryObjectStore } from '../fixtures/ports/memory-object-store.ts';
import { createCatalog, createRunTable, database, type LocalAws, runTable, startLocalAws } from './local-aws.ts';

let aws: LocalAws;
const objects = new MemoryObjectStore();
beforeAll(async () => {
  aws = await startLocalAws([createDynamodb, createGlue]);
  await createRunTable(aws);
  await createCatalog(aws);
});
afterAll(() => aws.stop());

/** Metadata that says what a commit says. */
function prepare({ table, metadata, rows, bytes, files, run, at }: TableCommit): void {
  const summary = {
    operation: 'append',
    'penstock.run': run,
    'total-records': String(rows),
    'total-files-size': String(bytes),
    'total-data-files': String(files),
  };
  const snapshot = { 'snapshot-id': 1, 'timestamp-ms': at, summary };
  const schema = { type: 'struct', 'schema-id': 0, fields: [{ id: 7, name: 'id', required: true, type: 'long' }] };
  const location = `s3://lake/curated/${table}`;
  const current = { 'current-schema-id': 0, 'current-snapshot-id': 1 };
  const text = JSON.stringify({ location, schemas: [schema], snapshots: [snapshot], properties: {}, ...current });
  objects.drop(metadata!, text);
}

function make() {
  const table = new DynamodbTable(aws.dynamodb, runTable, aws.clock);
  const commits = new DynamodbCommits(table);
  const place = { client: aws.glue, database, objects, commits };
  return { tables: new GlueTableCatalog(place), runs: new DynamodbRunStore(table), commits, prepare };
}
tableCatalogContract('Glue', make);

const commit = (table: string, version: number, run: string): TableCommit => ({
  table,
  version,
  metadata: `curated/${table}/metadata/${version}-${run}.metadata.json`,
  rows: 1,
  bytes: 10,
  files: 1,
  run,
  at: 7,
});

async function completing(run: string): Promise<void> {
  await make().runs.create(runRecord(run, { state: 'Running', phase: 'Completing' }));
}

test('a commit that died before it could say that it succeeded is found in the table', async () => {
  const { tables, commits } = make();
  await completing('died');
  const next = commit('died', 1, 'died');
  prepare(next);
  const lossy = new GlueTableCatalog({
    client: aws.glue,
    database,
    objects,
    commits: {
      find: (table, run) => commits.find(table, run),
      begin: (table, run) => commits.begin(table, run),
      end: () => Promise.reject(new Error('killed')),
    },
  });
  await expect(lossy.commit(next)).rejects.toThrow('killed');
  expect(await tables.commitOf('died', 'died')).toEqual(next);
  expect(await tables.commit(next)).toBe('already');
  expect((await tables.pointer('died')).version).toBe(1);
});

test('a commit that died before the table moved was begun, and is made by whoever comes along', async () => {
  const { tables, commits, runs } = make();
  await completing('half');
  expect(await commits.begin('half', 'half')).toBe('begun');
  expect(await tables.commitOf('half', 'half')).toBeUndefined();
  expect(await tables.begun('half', 'half')).toBe(true);
  const next = commit('half', 1, 'half');
  prepare(next);
  expect(await tables.commit(next)).toBe('committed');
  const ended = { run: 'half', from: [{ state: 'Running' }], to: { state: 'Completed' }, at: 8 } as const;
  await runs.change(ended);
  expect(await tables.commitOf('half', 'half')).toEqual(next);
});

test('a table that somebody else made under the name is refused', async () => {
  const { CreateTableCommand } = await import('@aws-sdk/client-glue');
  const TableInput = { Name: 'foreign', TableType: 'VIRTUAL_VIEW' };
  await aws.glue.send(new CreateTableCommand({ DatabaseName: database, TableInput }));
  await expect(make().tables.pointer('foreign')).rejects.toMatchObject({ received: 'VIRTUAL_VIEW' });
  expect((await make().tables.tables()).map(({ table }) => table)).not.toContain('foreign');
});

test('leaves no archived versions behind, of which Glue takes 100,000 for a table', async () => {
  const { tables } = make();
  for (const version of [1, 2, 3]) {
    await completing(`archive-${version}`);
    const next = commit('archive', version, `archive-${version}`);
    prepare(next);
    expect(await tables.commit(next)).toBe('committed');
  }
  const { TableVersions } = await aws.glue.send(
    new GetTableVersionsCommand({ DatabaseName: database, TableName: 'archive' }),
  );
  expect(TableVersions).toHaveLength(1);
});

test('asks once how a table stands, and goes by that until Glue says otherwise', async () => {
  const asked: string[] = [];
  const send = (command: GetTableVersionsCommand) => {
    asked.push(command.constructor.name);
    return aws.glue.send(command);
  };
  const { commits } = make();
  const tables = new GlueTableCatalog({ client: { send } as unknown as GlueClient, database, objects, commits });
  for (const version of [1, 2, 3]) {
    await completing(`asked-${version}`);
    prepare(commit('asked', version, `asked-${version}`));
  }
  await make().tables.commit(commit('asked', 1, 'asked-1'));
  expect(await tables.pointer('asked')).toMatchObject({ version: 1 });
  expect(await tables.commit(commit('asked', 2, 'asked-2'))).toBe('committed');
  expect(asked).toEqual(['GetTableCommand', 'UpdateTableCommand']);
  // Another writer moves it between the look and the commit.
  expect(await tables.pointer('asked')).toMatchObject({ version: 2 });
  prepare(commit('asked', 3, 'asked-2'));
  await make().tables.compact(commit('asked', 3, 'asked-2'));
  expect(await tables.commit(commit('asked', 3, 'asked-3'))).toBe('conflict');
  expect(await make().tables.pointer('asked')).toMatchObject({ version: 3, run: 'asked-2' });
});
