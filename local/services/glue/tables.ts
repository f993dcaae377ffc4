import { NotSupportedError } from '../../aws-error.ts';
import { refuseUnknown } from '../../requests/known-members.ts';
import { paginate } from '../../requests/paginate.ts';
import type { Cloud, Operation } from '../../service.ts';
import { type Catalog, nameOf, type TableRecord, type TableVersionRecord } from './catalog.ts';
import { changedMeanwhile, invalidInput, notFound } from './errors.ts';

const members = [
  'Name',
  'Description',
  'Owner',
  'LastAccessTime',
  'LastAnalyzedTime',
  'Retention',
  'StorageDescriptor',
  'PartitionKeys',
  'TableType',
  'Parameters',
];
const mostOnPage = 100;

export function tableOperations(cloud: Cloud, catalog: Catalog): Record<string, Operation> {
  const shown = (table: TableRecord, version: TableVersionRecord = table.versions.at(-1)!) => ({
    Retention: 0,
    ...version.input,
    Name: table.name,
    DatabaseName: table.database,
    CreateTime: new Date(table.createdAt),
    UpdateTime: new Date(version.updatedAt),
    CreatedBy: table.createdBy,
    IsRegisteredWithLakeFormation: false,
    CatalogId: catalog.id,
    VersionId: String(version.version),
  });
  const readInput = (operation: string, input: any): Record<string, any> => {
    refuseUnknown(`glue:${operation}`, input.TableInput, members);
    if (!input.TableInput) throw invalidInput('TableInput is required.');
    return { ...input.TableInput, Name: nameOf(input.TableInput.Name) };
  };
  return {
    CreateTable: async (input, { principal }) => {
      refuseUnknown('glue:CreateTable', input, ['CatalogId', 'DatabaseName', 'TableInput']);
      catalog.requireOwn(input.CatalogId);
      const table = readInput('CreateTable', input);
      const now = cloud.clock.now();
      catalog.addTable({
        database: catalog.database(input.DatabaseName).Name,
        name: table.Name,
        createdAt: now,
        createdBy: principal.arn,
        versions: [{ version: 0, input: table, updatedAt: now }],
      });
    },
    GetTable: async (input) => {
      refuseUnknown('glue:GetTable', input, ['CatalogId', 'DatabaseName', 'Name']);
      catalog.requireOwn(input.CatalogId);
      return { Table: shown(catalog.table(input.DatabaseName, input.Name)) };
    },
    GetTables: async (input) => {
      refuseUnknown('glue:GetTables', input, ['CatalogId', 'DatabaseName', 'Expression', 'NextToken', 'MaxResults']);
      catalog.requireOwn(input.CatalogId);
      const wanted = matcher(input.Expression);
      const tables = catalog.tables(catalog.database(input.DatabaseName).Name).filter(({ name }) => wanted.test(name));
      const { page, next } = paginate(tables, { token: input.NextToken, size: input.MaxResults ?? mostOnPage });
      return { TableList: page.map((table) => shown(table)), NextToken: next };
    },
    UpdateTable: async (input) => {
      refuseUnknown('glue:UpdateTable', input, ['CatalogId', 'DatabaseName', 'TableInput', 'SkipArchive', 'VersionId']);
      catalog.requireOwn(input.CatalogId);
      const next = readInput('UpdateTable', input);
      const table = catalog.table(input.DatabaseName, next.Name);
      const { version } = table.versions.at(-1)!;
      if (input.VersionId != null && input.VersionId !== String(version)) throw changedMeanwhile(table.name);
      const updated = { version: version + 1, input: next, updatedAt: cloud.clock.now() };
      const archived = input.SkipArchive ? table.versions.slice(0, -1) : table.versions;
      catalog.setTable({ ...table, versions: [...archived, updated] });
    },
    DeleteTable: async (input) => {
      refuseUnknown('glue:DeleteTable', input, ['CatalogId', 'DatabaseName', 'Name']);
      catalog.requireOwn(input.CatalogId);
      catalog.deleteTable(input.DatabaseName, input.Name);
    },
    GetTableVersion: async (input) => {
      refuseUnknown('glue:GetTableVersion', input, ['CatalogId', 'DatabaseName', 'TableName', 'VersionId']);
      catalog.requireOwn(input.CatalogId);
      const table = catalog.table(input.DatabaseName, input.TableName);
      const wanted = input.VersionId ?? String(table.versions.at(-1)!.version);
      const version = table.versions.find((one) => String(one.version) === wanted);
      if (!version) throw notFound(`Table version not found: ${wanted}`);
      return { TableVersion: { Table: shown(table, version), VersionId: wanted } };
    },
    GetTableVersions: async (input) => {
      const known = ['CatalogId', 'DatabaseName', 'TableName', 'NextToken', 'MaxResults'];
      refuseUnknown('glue:GetTableVersions', input, known);
      catalog.requireOwn(input.CatalogId);
      const table = catalog.table(input.DatabaseName, input.TableName);
      const { page, next } = paginate(table.versions.toReversed(), {
        token: input.NextToken,
        size: input.MaxResults ?? mostOnPage,
      });
      return {
        TableVersions: page.map((version) => ({
          Table: shown(table, version),
          VersionId: String(version.version),
        })),
        NextToken: next,
      };
    },
  };
}

/** Names by pattern; of regular expressions only `*` is documented in examples, and a pattern is matched whole. */
function matcher(expression: unknown): RegExp {
  if (expression == null) return /^/;
  const text = String(expression);
  if (!/^[\w*.|-]+$/.test(text)) throw new NotSupportedError(`glue:GetTables with the expression ${text}`);
  const pattern = text.replace(/\.\*|\*/g, '.*');
  return new RegExp(`^(?:${pattern})$`, 'i');
}
