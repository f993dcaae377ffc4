import { defineResource } from '../provisioning/resource-type.ts';
import { type Value, withoutEffect } from '../provisioning/shape.ts';
import { globalIndexShape, replicaShape, tableShape, throughputShape } from './tables/table-shape.ts';
import { createTable, deleteTable, type TableProperties, updateTable } from './tables/table-steps.ts';

const properties = {
  ...tableShape,
  ...replicaShape,
  GlobalSecondaryIndexes: [{ ...globalIndexShape, ProvisionedThroughput: throughputShape }],
  ProvisionedThroughput: throughputShape,
  OnDemandThroughput: withoutEffect('capacity is not metered on this machine'),
  SSESpecification: { SSEEnabled: 'flag', SSEType: 'text', KMSMasterKeyId: 'text' },
} as const;

function table({ StreamSpecification, SSESpecification, ...rest }: Value<typeof properties>): TableProperties {
  const { SSEEnabled, ...encryption } = SSESpecification ?? {};
  return {
    ...rest,
    ...(StreamSpecification && { StreamViewType: StreamSpecification.StreamViewType }),
    ...(SSESpecification && { SSESpecification: { Enabled: SSEEnabled, ...encryption } }),
  };
}

export default defineResource({
  type: 'AWS::DynamoDB::Table',
  properties,
  replacedBy: ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  create: (properties, context) => createTable(table(properties), context),
  update: (properties, context, before) =>
    updateTable(table(properties), context, before.physicalId, table(before.properties)),
  delete: deleteTable,
});
