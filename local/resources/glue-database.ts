import { defineResource } from '../provisioning/resource-type.ts';
import { mapOf } from '../provisioning/shape.ts';

export default defineResource({
  type: 'AWS::Glue::Database',
  properties: {
    CatalogId: 'text',
    DatabaseName: 'text',
    DatabaseInput: { Name: 'text', Description: 'text', LocationUri: 'text', Parameters: mapOf('text') },
  },
  replacedBy: ['CatalogId', 'DatabaseName'],
  async create({ CatalogId, DatabaseInput, DatabaseName }, context) {
    const Name = context.name(DatabaseName ?? DatabaseInput?.Name, { maxLength: 255 }).toLowerCase();
    await context.call('glue', 'CreateDatabase', { CatalogId, DatabaseInput: { ...DatabaseInput, Name } });
    return { physicalId: Name, attributes: {} };
  },
  async update({ CatalogId, DatabaseInput }, context, { physicalId }) {
    // A new name in the input is refused there, as AWS does not rename databases.
    const input = { ...DatabaseInput, Name: DatabaseInput?.Name ?? physicalId };
    await context.call('glue', 'UpdateDatabase', { CatalogId, Name: physicalId, DatabaseInput: input });
    return { physicalId, attributes: {} };
  },
  async delete(Name, context) {
    await context.attempt(['EntityNotFoundException'], 'glue', 'DeleteDatabase', { Name });
  },
});
