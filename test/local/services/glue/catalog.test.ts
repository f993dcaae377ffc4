import {
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetTableCommand,
  GetTablesCommand,
  GetTableVersionCommand,
  GetTableVersionsCommand,
  GlueClient,
  UpdateDatabaseCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalCloud } from '../../../../local/cloud.ts';
import { createGlue } from '../../../../local/services/glue/index.ts';

let cloud: LocalCloud;
let client: GlueClient;
const send = (command: any): Promise<any> => client.send(command);
const DatabaseName = 'lake';
const tableInput = (Name: string, location: string) => ({
  Name,
  TableType: 'EXTERNAL_TABLE',
  Parameters: { table_type: 'ICEBERG', metadata_location: location },
});
const update = (location: string, VersionId?: string, more: object = {}) =>
  send(new UpdateTableCommand({ DatabaseName, TableInput: tableInput('orders', location), VersionId, ...more }));
const table = async () => (await send(new GetTableCommand({ DatabaseName, Name: 'orders' }))).Table;

beforeEach(async () => {
  cloud = await LocalCloud.start({ services: [createGlue] });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new GlueClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  await send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'Lake', Description: 'curated' } }));
});
afterEach(async () => {
  client.destroy();
  await cloud.close();
});

describe('databases of the Glue catalog', () => {
  it('are found by name, in lower case', async () => {
    const { Database } = await send(new GetDatabaseCommand({ Name: 'LAKE' }));
    expect(Database).toMatchObject({ Name: 'lake', Description: 'curated', CatalogId: '000000000000' });
    expect(Database.CreateTime).toBeInstanceOf(Date);
    await send(new UpdateDatabaseCommand({ Name: 'lake', DatabaseInput: { Name: 'lake', Description: 'other' } }));
    const { DatabaseList } = await send(new GetDatabasesCommand({}));
    expect(DatabaseList).toMatchObject([{ Name: 'lake', Description: 'other' }]);
  });

  it('go with their tables', async () => {
    await send(new CreateTableCommand({ DatabaseName, TableInput: tableInput('orders', 's3://a/1') }));
    await send(new DeleteDatabaseCommand({ Name: 'lake' }));
    await expect(table()).rejects.toMatchObject({
      name: 'EntityNotFoundException',
      message: 'Database lake not found.',
    });
  });

  it('exist once', async () => {
    const again = send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'lake' } }));
    await expect(again).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  });
});

describe('tables of the Glue catalog', () => {
  beforeEach(() => send(new CreateTableCommand({ DatabaseName, TableInput: tableInput('orders', 's3://a/1') })));

  it('tell what they were told, and their version', async () => {
    expect(await table()).toMatchObject({
      Name: 'orders',
      DatabaseName: 'lake',
      VersionId: '0',
      TableType: 'EXTERNAL_TABLE',
      Parameters: { metadata_location: 's3://a/1' },
    });
    await expect(send(new GetTableCommand({ DatabaseName, Name: 'none' }))).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
  });

  it('change only from the version that the writer has seen', async () => {
    await update('s3://a/2', '0');
    await expect(update('s3://a/3', '0')).rejects.toMatchObject({ name: 'ConcurrentModificationException' });
    expect(await table()).toMatchObject({ VersionId: '1', Parameters: { metadata_location: 's3://a/2' } });
    await update('s3://a/4');
    expect((await table()).VersionId).toBe('2');
  });

  it('let one of many writers at once win', async () => {
    const writers = await Promise.allSettled(Array.from({ length: 8 }, (_, at) => update(`s3://a/${at}`, '0')));
    expect(writers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('keep their older versions, unless they are not wanted', async () => {
    await update('s3://a/2');
    const versions = async () => {
      const { TableVersions } = await send(new GetTableVersionsCommand({ DatabaseName, TableName: 'orders' }));
      return TableVersions.map((one: any) => [one.VersionId, one.Table.Parameters.metadata_location]);
    };
    expect(await versions()).toEqual([
      ['1', 's3://a/2'],
      ['0', 's3://a/1'],
    ]);
    const first = new GetTableVersionCommand({ DatabaseName, TableName: 'orders', VersionId: '0' });
    expect((await send(first)).TableVersion.Table.Parameters.metadata_location).toBe('s3://a/1');
    await update('s3://a/3', undefined, { SkipArchive: true });
    expect(await versions()).toEqual([
      ['2', 's3://a/3'],
      ['0', 's3://a/1'],
    ]);
  });

  it('are listed page by page, and by pattern', async () => {
    for (const name of ['b_one', 'b_two'])
      await send(new CreateTableCommand({ DatabaseName, TableInput: tableInput(name, 's3://b') }));
    const first = await send(new GetTablesCommand({ DatabaseName, MaxResults: 2 }));
    const second = await send(new GetTablesCommand({ DatabaseName, NextToken: first.NextToken }));
    expect([first, second].map(({ TableList }) => TableList.map(({ Name }: any) => Name))).toEqual([
      ['b_one', 'b_two'],
      ['orders'],
    ]);
    const some = await send(new GetTablesCommand({ DatabaseName, Expression: 'b_*' }));
    expect(some.TableList).toHaveLength(2);
    await send(new DeleteTableCommand({ DatabaseName, Name: 'orders' }));
    await expect(table()).rejects.toMatchObject({ message: 'Table orders not found.' });
  });

  it('of other accounts, and members that are not built, are refused by name', async () => {
    await expect(
      send(new GetTableCommand({ CatalogId: '123456789012', DatabaseName, Name: 'orders' })),
    ).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
    await expect(update('s3://a/2', '0', { Force: true })).rejects.toThrow('glue:UpdateTable with Force');
  });
});
