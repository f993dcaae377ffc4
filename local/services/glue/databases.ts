import { refuseUnknown } from '../../requests/known-members.ts';
import { paginate } from '../../requests/paginate.ts';
import type { Cloud, Operation } from '../../service.ts';
import { type Catalog, type DatabaseRecord, nameOf } from './catalog.ts';
import { invalidInput } from './errors.ts';

const members = ['Name', 'Description', 'LocationUri', 'Parameters'];
const mostOnPage = 100;

export function databaseOperations(cloud: Cloud, catalog: Catalog): Record<string, Operation> {
  const shown = ({ createdAt, ...database }: DatabaseRecord) => ({
    ...database,
    CreateTime: new Date(createdAt),
    CatalogId: catalog.id,
  });
  return {
    CreateDatabase: async (input) => {
      refuseUnknown('glue:CreateDatabase', input, ['CatalogId', 'DatabaseInput']);
      refuseUnknown('glue:CreateDatabase', input.DatabaseInput, members);
      catalog.requireOwn(input.CatalogId);
      catalog.addDatabase({
        ...input.DatabaseInput,
        Name: nameOf(input.DatabaseInput?.Name),
        createdAt: cloud.clock.now(),
      });
    },
    GetDatabase: async (input) => {
      refuseUnknown('glue:GetDatabase', input, ['CatalogId', 'Name']);
      catalog.requireOwn(input.CatalogId);
      return { Database: shown(catalog.database(input.Name)) };
    },
    GetDatabases: async (input) => {
      refuseUnknown('glue:GetDatabases', input, ['CatalogId', 'NextToken', 'MaxResults', 'ResourceShareType']);
      catalog.requireOwn(input.CatalogId);
      const { page, next } = paginate(catalog.databases(), {
        token: input.NextToken,
        size: input.MaxResults ?? mostOnPage,
      });
      return { DatabaseList: page.map(shown), NextToken: next };
    },
    UpdateDatabase: async (input) => {
      refuseUnknown('glue:UpdateDatabase', input, ['CatalogId', 'Name', 'DatabaseInput']);
      refuseUnknown('glue:UpdateDatabase', input.DatabaseInput, members);
      catalog.requireOwn(input.CatalogId);
      const { Name, createdAt } = catalog.database(input.Name);
      if (nameOf(input.DatabaseInput?.Name) !== Name) throw invalidInput('A database cannot be renamed.');
      catalog.setDatabase({ ...input.DatabaseInput, Name, createdAt });
    },
    DeleteDatabase: async (input) => {
      refuseUnknown('glue:DeleteDatabase', input, ['CatalogId', 'Name']);
      catalog.requireOwn(input.CatalogId);
      catalog.deleteDatabase(input.Name);
    },
  };
}
