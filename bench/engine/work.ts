/** One contender in a process of its own: `node bench/engine/work.ts <name> <options as JSON>`. */
import { contenders } from './contenders.ts';

const [name, options] = process.argv.slice(2);
const contend = await contenders[name!]!.load();
const work = await contend(JSON.parse(options!));
const baseBytes = process.memoryUsage.rss();
const before = process.cpuUsage();
const start = performance.now();
const result = await work();
const milliseconds = performance.now() - start;
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  JSON.stringify({
    result,
    milliseconds,
    cpuSeconds: (user + system) / 1e6,
    baseBytes,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
process.exit(0);
