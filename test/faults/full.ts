import { playAll } from './play-all.ts';
import { linesOf } from './report.ts';

/**
 * The whole suite, as CI plays it: `node test/faults/full.ts [SECONDS] [HISTORIES]`. Ends with a line as that of a test runner, in
 * which each history is a test. After so many seconds (default 285) no further one is begun, and it says how many are left;
 * `0`: no limit. Of histories of seeds it plays so many (default 2000).
 */
const seconds = Number(process.argv[2] ?? 285);
const histories = Number(process.argv[3] ?? 2000);
const report = await playAll({
  histories,
  systematic: true,
  cases: true,
  ...(seconds > 0 && { seconds }),
  tell: (line) => console.log(line),
});
for (const line of linesOf(report)) console.log(line);
console.log(` Tests  ${report.histories - report.failed} passed | ${report.failed} failed`);
process.exitCode = report.failed > 0 ? 1 : 0;
