import { Campaign } from './campaign.ts';
import { storeCase, storedCases } from './cases.ts';
import { guards } from './guards.ts';
import { shrunk } from './shrink.ts';
import { suite } from './suite.ts';
import { removeAssemblies } from './world/assemblies.ts';

/**
 * Looks for a history that fails without each guard that has none yet, and keeps it shrunk:
 * `node test/faults/find-guards.ts [MOST]`. Default: the first 1,000 of the suite.
 */
const most = Number(process.argv[2] ?? 1000);
const campaign = new Campaign();
const known = new Set([...storedCases().values()].map(({ guard }) => guard));
for (const guard of guards.filter(({ name }) => !known.has(name))) {
  let played = 0;
  for (const history of suite()) {
    if (++played > most) break;
    if (!(await isBroken(history))) continue;
    const least = await shrunk(history, async (one) => one.acts.length > 0 && (await isBroken(one)), 12);
    const { broken } = await campaign.judge(least, { guard });
    storeCase(`without-${guard.name.replaceAll(/[^a-z]+/g, '-')}`, {
      why: broken[0] ?? '',
      guard: guard.name,
      found: played,
      history: least,
    });
    console.log(`${guard.name}: history ${played}: ${broken[0]?.slice(0, 200)}`);
    break;
  }
  if (played > most) console.log(`${guard.name}: none of ${most}`);

  async function isBroken(history: Parameters<Campaign['judge']>[0]): Promise<boolean> {
    return (await campaign.judge(history, { guard })).broken.length > 0;
  }
}
await campaign.close();
removeAssemblies();
process.exit(0);
