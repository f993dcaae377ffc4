import { NotSupportedError } from '../aws-error.ts';
import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { type Value, withoutEffect } from '../provisioning/shape.ts';
import { globalIndexShape, replicaShape, tableShape } from './tables/table-shape.ts';
import { createTable, deleteTable, type TableProperties, updateTable } from './tables/table-steps.ts';

const unmetered = withoutEffect('capacity is not metered on this machine');

const properties = {
  ...tableShape,
  GlobalSecondaryIndexes: [{ ...globalIndexShape, WriteOnDemandThroughputSettings: unmetered }],
  WriteOnDemandThroughputSettings: unmetered,
  SSESpecification: { SSEEnabled: 'flag', SSEType: 'text' },
  Replicas: [
    {
      Region: 'text',
      ...replicaShape,
      SSESpecification: { KMSMasterKeyId: 'text' },
      ReadOnDemandThroughputSettings: unmetered,
      GlobalSecondaryIndexes: withoutEffect('settings per index and region concern capacity and insights only'),
    },
  ],
} as const;

/** The one replica that is in this region makes a table; replicas elsewhere have no place on one machine. */
function table(global: Value<typeof properties>, { region }: ResourceContext): TableProperties {
  const { Replicas = [], StreamSpecification, SSESpecification, ...rest } = global;
  const elsewhere = Replicas.find(({ Region }) => Region !== region);
  if (elsewhere)
    throw new NotSupportedError(`a replica of a table in ${elsewhere.Region} (local AWS is ${region} only)`);
  if (rest.BillingMode !== 'PAY_PER_REQUEST') throw new NotSupportedError('global tables of provisioned capacity');
  const { Region: _, SSESpecification: key, ...replica } = Replicas[0] ?? {};
  return {
    ...rest,
    ...replica,
    ...(StreamSpecification && { StreamViewType: StreamSpecification.StreamViewType }),
    ...(SSESpecification && {
      SSESpecification: { Enabled: SSESpecification.SSEEnabled, SSEType: SSESpecification.SSEType, ...key },
    }),
  };
}

export default defineResource({
  type: 'AWS::DynamoDB::GlobalTable',
  properties,
  replacedBy: ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  create: (properties, context) => createTable(table(properties, context), context),
  update: (properties, context, before) =>
    updateTable(table(properties, context), context, before.physicalId, table(before.properties, context)),
  delete: deleteTable,
});
