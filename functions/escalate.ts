import * as pipeline from 'penstock:pipeline';
import type { EscalationInput } from '../lib/runtime/escalation/escalate.ts';
import { escalate } from '../lib/runtime/escalation/escalate.ts';
import { circuits } from './adapters/circuits.ts';
import { clock } from './adapters/clock.ts';
import { runs } from './adapters/runs.ts';
import { environment } from './environment.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Says whom to tell of what needs a person. */
export const handler = chain((input: EscalationInput) =>
  escalate(
    { runs: runs(), circuits: circuits(), clock, logger },
    { levels: pipeline.plan.escalate ?? [], topics: environment.escalationTopics },
    input,
  ),
);
