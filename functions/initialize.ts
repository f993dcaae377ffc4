import * as pipeline from 'penstock:pipeline';
import { initialize } from '../lib/runtime/initialize.ts';
import type { ResumeInput, StageInput } from '../lib/runtime/messages.ts';
import { resume } from '../lib/runtime/review/resume.ts';
import { bus } from './adapters/bus.ts';
import { clock } from './adapters/clock.ts';
import { leases } from './adapters/leases.ts';
import { objects } from './adapters/objects.ts';
import { pipelines } from './adapters/pipelines.ts';
import { runs } from './adapters/runs.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Opens the record of a run, or takes again what the run lent while a person decided about it. */
export const handler = chain((input: StageInput | ResumeInput): Promise<object> => {
  const ports = { runs: runs(), leases: leases(), clock, logger };
  if ('resumes' in input) return resume(ports, pipeline, input);
  return initialize({ ...ports, objects: objects(), pipelines: pipelines(), bus: bus() }, pipeline, input);
});
