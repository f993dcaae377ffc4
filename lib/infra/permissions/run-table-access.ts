import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RunTable } from '../run-table.ts';

type ItemAction = 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query' | 'ConditionCheckItem' | 'BatchGetItem';

/** Item actions on the run table; its index is not among the resources. */
export function runTableAccess(table: RunTable, ...actions: readonly ItemAction[]): PolicyStatement {
  return new PolicyStatement({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [table.table.tableArn],
  });
}
