import { parseArgs } from 'node:util';
import { Campaign } from './campaign.ts';
import type { PipelineName } from './pipelines.ts';
import { pipelines } from './pipelines.ts';
import { emptyTally, playRandom, playSystematic } from './sets.ts';
import { shrunk } from './shrink.ts';
import { removeAssemblies } from './world/assemblies.ts';

/**
 * Plays histories in this process: `node test/faults/run.ts systematic --pipelines solo,wide`,
 * `node test/faults/run.ts random --from 0 --count 1000`. Prints each failure, shrunk, as it comes, and as the last line
 * the tally as JSON.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    pipelines: { type: 'string', default: Object.keys(pipelines).join() },
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: '100' },
    shrink: { type: 'boolean', default: false },
  },
});

const campaign = new Campaign();
const tally = emptyTally();
try {
  if (positionals[0] === 'systematic') {
    for (const pipeline of values.pipelines.split(',') as PipelineName[])
      await playSystematic(campaign, pipeline, tally);
  } else await playRandom(campaign, { from: Number(values.from), count: Number(values.count) }, tally);
  for (const { name, history, broken } of tally.failures) {
    const least = values.shrink
      ? await shrunk(history, async (one) => (await campaign.judge(one)).broken.length > 0, 30)
      : history;
    console.log(`${name}: ${broken.join('; ')}\n  ${JSON.stringify(least)}`);
  }
} finally {
  await campaign.close();
  removeAssemblies();
}
const { user, system } = process.cpuUsage();
const { failures, ...counts } = tally;
console.log(JSON.stringify({ ...counts, failed: failures.length, cpuSeconds: (user + system) / 1e6 }));
// Agents and threads of the engine keep the process alive otherwise.
process.exit(failures.length > 0 ? 1 : 0);
