import { withoutEffect } from '../../provisioning/shape.ts';

const unmetered = withoutEffect('capacity is not metered on this machine');
const insights = withoutEffect('contributor insights are not collected on this machine');

const keySchema = [{ AttributeName: 'text', KeyType: 'text' }] as const;

export const indexShape = {
  IndexName: 'text',
  KeySchema: keySchema,
  Projection: { ProjectionType: 'text', NonKeyAttributes: ['text'] },
} as const;

export const globalIndexShape = {
  ...indexShape,
  ContributorInsightsSpecification: insights,
  WarmThroughput: unmetered,
  OnDemandThroughput: unmetered,
} as const;

export const throughputShape = { ReadCapacityUnits: 'number', WriteCapacityUnits: 'number' } as const;

/** What one table has; of a global table every replica has it. */
export const replicaShape = {
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: 'flag', RecoveryPeriodInDays: 'number' },
  DeletionProtectionEnabled: 'flag',
  TableClass: 'text',
  ContributorInsightsSpecification: insights,
  Tags: withoutEffect('tags name things for people and bills'),
} as const;

/** What `AWS::DynamoDB::Table` and `AWS::DynamoDB::GlobalTable` have in common. */
export const tableShape = {
  TableName: 'text',
  AttributeDefinitions: [{ AttributeName: 'text', AttributeType: 'text' }],
  KeySchema: keySchema,
  BillingMode: 'text',
  LocalSecondaryIndexes: [indexShape],
  StreamSpecification: { StreamViewType: 'text' },
  TimeToLiveSpecification: { AttributeName: 'text', Enabled: 'flag' },
  WarmThroughput: unmetered,
} as const;
