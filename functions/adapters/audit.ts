import { DynamodbAudit } from '../../lib/aws/dynamodb-audit.ts';
import { once } from './once.ts';
import { runTable } from './run-table.ts';

export const audit = once(() => new DynamodbAudit(runTable()));
