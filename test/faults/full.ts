import { playAll } from './play-all.ts';

/**
 * The whole suite, as CI plays it: `node test/faults/full.ts [SECONDS] [HISTORIES]`. Ends with a line as that of a test runner, in
 * which each history is a test. After so many seconds (default 285) no further one is begun, and it says how many are left;
 * `0`: no limit. Of histories of seeds it plays so many (default 2000).
 */
const seconds = Number(process.argv[2] ?? 285);
const histories = Number(process.argv[3] ?? 2000);
const began = performance.now();
const report = await playAll({
  histories,
  systematic: true,
  cases: true,
  ...(seconds > 0 && { seconds }),
  tell: (line) => console.log(line),
});
const {
  histories: played,
  effects,
  left,
  survived,
  failed,
  systematicHistories,
  randomHistories,
  casesHistories,
  cpuSeconds,
} = report;
const took = Math.round((performance.now() - began) / 1000);
console.log(
  `${systematicHistories} systematic histories over ${effects} effects (no time for ${left} more), ${randomHistories} of seeds, ${casesHistories} stored; ${survived} kills and losses survived; ${took} s, ${Math.round(cpuSeconds)} s of CPU`,
);
console.log(` Tests  ${played - failed} passed | ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
