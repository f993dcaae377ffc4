import { parseArgs } from 'node:util';
import { Campaign } from './campaign.ts';
import { storedCases } from './cases.ts';
import { guards } from './guards.ts';
import { type PipelineName, pipelines } from './pipelines.ts';
import { emptyTally, playCase, playRandom, playSystematic } from './sets.ts';
import { shrunk } from './shrink.ts';
import { removeAssemblies } from './world/assemblies.ts';

/**
 * One of several processes that play the whole suite between them: stored cases, the systematic set, and the histories of
 * seeds for as long as there is time. Prints failures as they come, shrunk, and in the last line the tally as JSON.
 */
const { values } = parseArgs({
  options: {
    shard: { type: 'string', default: '0' },
    of: { type: 'string', default: '1' },
    histories: { type: 'string', default: '0' },
    from: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '1000000' },
    systematic: { type: 'boolean', default: false },
    cases: { type: 'boolean', default: false },
    pipelines: { type: 'string', default: Object.keys(pipelines).join() },
  },
});
const [shard, of, histories, from] = [values.shard, values.of, values.histories, values.from].map(Number) as number[];
const isOver = () => process.uptime() > Number(values.seconds);
const mine = (index: number) => index % of! === shard;
/** Those of one pipeline are played after each other, for to make a world takes as long as several histories. */
const seedsAtOnce = 2000;

const campaign = new Campaign();
const tally = emptyTally();
const parts: Record<string, number> = {};
const began = { histories: 0, uptime: process.uptime() };
const note = (part: string) => {
  parts[`${part}Histories`] = tally.histories - began.histories;
  parts[`${part}Seconds`] = process.uptime() - began.uptime;
  Object.assign(began, { histories: tally.histories, uptime: process.uptime() });
};

if (values.cases) {
  for (const [index, [name, one]] of [...storedCases()].entries())
    if (mine(index)) await playCase(campaign, { name, ...one }, guards, tally);
}
note('cases');
if (values.systematic) {
  const own = (values.pipelines.split(',') as PipelineName[]).filter((_, index) => mine(index));
  for (const [index, pipeline] of own.entries()) {
    // Two thirds of the time are for this set, the same for each pipeline.
    const end = (Number(values.seconds) * 2 * (index + 1)) / (3 * own.length);
    await playSystematic(campaign, pipeline, tally, () => process.uptime() > end);
  }
}
note('systematic');
for (let block = 0; block < histories! && !isOver(); block += seedsAtOnce) {
  const count = Math.min(seedsAtOnce, histories! - block);
  await playRandom(campaign, { from: from! + block, count, isMine: mine }, tally, isOver);
}
note('random');
for (const { name, history, broken } of tally.failures.slice(0, 5)) {
  const least = await shrunk(history, async (one) => (await campaign.judge(one)).broken.length > 0, 25);
  console.log(`${name}: ${broken.join('; ').slice(0, 2000)}\n  ${JSON.stringify(least)}`);
}
await campaign.close();
removeAssemblies();
const { user, system } = process.cpuUsage();
const { failures, ...counts } = tally;
console.log(JSON.stringify({ ...counts, ...parts, failed: failures.length, cpuSeconds: (user + system) / 1e6 }));
// The engine's threads and the agents of clients would keep the process alive.
process.exit(0);
