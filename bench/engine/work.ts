/** One contender in a process of its own: `node bench/engine/work.ts <name> <options as JSON>`. */
import { byHand } from './by-hand.ts';
import type { JobOptions, JobResult } from './job.ts';
import { penstock } from './penstock.ts';

const contenders: Readonly<Record<string, (options: JobOptions) => Promise<JobResult>>> = {
  penstock,
  'by hand': byHand,
};

const [name, options] = process.argv.slice(2);
const start = performance.now();
const result = await contenders[name!]!(JSON.parse(options!));
const milliseconds = performance.now() - start;
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.stdout.write(
  JSON.stringify({
    ...result,
    milliseconds,
    peakBytes: maxRSS * 1024,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
  }),
);
