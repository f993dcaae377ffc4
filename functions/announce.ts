import type { DynamoDBStreamEvent } from 'aws-lambda';
import { changesTold } from '../lib/aws/changes-told.ts';
import { announce } from '../lib/runtime/events/announce.ts';
import { archive } from './adapters/archive.ts';
import { broadcast } from './adapters/broadcast.ts';
import { errorLog } from './adapters/error-log.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Archives, counts failures and tells what the stream of the run table says. A batch that fails comes again, as a whole. */
export const handler = chain(({ Records }: DynamoDBStreamEvent) =>
  announce({ objects: archive(), broadcast: broadcast(), errorLog: errorLog(), logger }, changesTold(Records)),
);
