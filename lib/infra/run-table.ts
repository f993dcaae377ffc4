import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** The run store: one table for runs, chunks, ledger, claims and table pointers. Outlives its stack. */
export class RunTable extends Construct {
  /** Name of the index that lists runs by time. */
  static readonly byTime = 'byTime';
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // What is written is told by whoever reads it, see `announcer.ts`.
      stream: StreamViewType.NEW_IMAGE,
      timeToLiveAttribute: 'expiresAt',
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: RunTable.byTime,
      partitionKey: { name: 'gsiPk', type: AttributeType.STRING },
      sortKey: { name: 'gsiSk', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
  }

  get indexArn(): string {
    return `${this.table.tableArn}/index/${RunTable.byTime}`;
  }
}
