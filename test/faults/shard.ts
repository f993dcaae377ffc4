import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Campaign } from './campaign.ts';
import { storedCases } from './cases.ts';
import { guards } from './guards.ts';
import type { ShardReport } from './play-all.ts';
import { emptyTally, playCase, playRandom, playSystematic } from './sets.ts';
import { shrunk } from './shrink.ts';
import type { Task } from './tasks.ts';
import { shareAssemblies } from './world/assemblies.ts';
import { outcomesOfAll } from './world/remembered-duckdb.ts';

/**
 * One of several processes that play the suite between them: asks its parent for one task after another until there is none.
 * Prints what each took, failures at the end, shrunk, and in the last line the tally as JSON.
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '1000000' }, shared: { type: 'string', default: '' } },
});
shareAssemblies(join(values.shared, 'assemblies'));
outcomesOfAll.share(join(values.shared, 'outcomes'));
const isOver = () => process.uptime() > Number(values.seconds);

const campaign = new Campaign();
const tally = emptyTally();
const counts = { systematicHistories: 0, randomHistories: 0, casesHistories: 0 };
const spent = { systematicCpuSeconds: 0, randomCpuSeconds: 0, casesCpuSeconds: 0 };

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

// Whoever hands out tasks is gone: nobody would end this process any more.
process.once('disconnect', () => process.exit(1));

function nextTask(): Promise<Task | undefined> {
  const given = new Promise<Task | undefined>((resolve) =>
    process.once('message', (task: Task | 'none') => resolve(task === 'none' ? undefined : task)),
  );
  process.send!('next');
  return given;
}

async function perform(task: Task): Promise<void> {
  const { pipeline } = task;
  switch (task.part) {
    case 'cases':
      for (const [name, one] of storedCases())
        if (one.history.pipeline === pipeline) await playCase(campaign, { name, ...one }, guards, tally);
      return;
    case 'systematic':
      return playSystematic(campaign, pipeline, tally, isOver);
    case 'random':
      return playRandom(campaign, { from: task.from, count: task.count, only: pipeline }, tally, isOver);
  }
}

let spentBefore = 0;
for (let task = await nextTask(); task; task = await nextTask()) {
  const before = tally.histories;
  await perform(task);
  const [played, took] = [tally.histories - before, cpuSeconds() - spentBefore];
  counts[`${task.part}Histories`] += played;
  spent[`${task.part}CpuSeconds`] += took;
  spentBefore += took;
  console.log(`${task.part}, ${task.pipeline}: ${played} histories, ${took.toFixed(1)} s of CPU`);
}
for (const { name, history, broken } of tally.failures.slice(0, 5)) {
  const least = await shrunk(history, async (one) => (await campaign.judge(one)).broken.length > 0, 25);
  console.log(`${name}: ${broken.join('; ').slice(0, 2000)}\n  ${JSON.stringify(least)}`);
}
await campaign.close();
const { failures, ...sums } = tally;
const report: ShardReport = { ...sums, ...counts, ...spent, failed: failures.length, cpuSeconds: cpuSeconds() };
console.log(JSON.stringify(report));
// The engine's threads and the agents of clients would keep the process alive.
process.exit(0);
