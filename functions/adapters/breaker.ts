import { DynamodbCircuits } from '../../lib/aws/dynamodb-circuits.ts';
import { Breaker } from '../../lib/runtime/circuit/breaker.ts';
import { environment } from '../environment.ts';
import { logger } from '../middleware/logging.ts';
import { meter } from '../middleware/metrics.ts';
import { clock } from './clock.ts';
import { once } from './once.ts';
import { runTable } from './run-table.ts';

/** One for the whole process: what a call has learned of a system, the next one knows. */
export const breaker = once(
  () =>
    new Breaker({ circuits: new DynamodbCircuits(runTable()), clock, logger, meter, pipeline: environment.pipeline }),
);
