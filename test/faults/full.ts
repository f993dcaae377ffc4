import { playAll } from './play-all.ts';

/**
 * The whole suite, as CI plays it: `node test/faults/full.ts [SECONDS]`. Ends with a line as that of a test runner, in
 * which each history is a test. After so many seconds (default 285) no further one is begun, and it says how many are left;
 * `0`: no limit.
 */
const seconds = Number(process.argv[2] ?? 285);
const report = await playAll({
  histories: 2000,
  systematic: true,
  cases: true,
  ...(seconds > 0 && { seconds }),
  tell: (line) => console.log(line),
});
const { histories, effects, left, survived, failed, systematicHistories, randomHistories, casesHistories } = report;
console.log(
  `${systematicHistories} systematic histories over ${effects} effects (no time for ${left} more), ${randomHistories} of seeds, ${casesHistories} stored; ${survived} kills and losses survived`,
);
console.log(` Tests  ${histories - failed} passed | ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
