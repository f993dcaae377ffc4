import type { DynamoDBStreamEvent } from 'aws-lambda';
import { changesTold } from '../lib/aws/changes-told.ts';
import { announce } from '../lib/runtime/events/announce.ts';
import { archive } from './adapters/archive.ts';
import { broadcast } from './adapters/broadcast.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Archives and tells what the stream of the run table says. A batch that fails comes again, as a whole. */
export const handler = chain(({ Records }: DynamoDBStreamEvent) =>
  announce({ objects: archive(), broadcast: broadcast(), logger }, changesTold(Records)),
);
