import { loadCases } from './conformance-case.ts';
import { executionCase } from './execution-case.ts';

const folder = process.argv[2] ?? '../shared/conformance';
const filter = process.argv[3] ?? '';
let o = 0,
  n = 0,
  h = 0,
  c = 0,
  d = 0;
for (const [area, cases] of loadCases(folder)) {
  for (const one of cases) {
    if (
      !['execution', 'sync_execution', 'express_execution'].includes(one.kind) ||
      !(area + ' ' + one.id).includes(filter)
    )
      continue;
    n++;
    try {
      const v = await executionCase(one);
      if (v.outcome === true) o++;
      if (v.history !== undefined) {
        c++;
        if (v.history === true) h++;
        if (v.details === true) d++;
      }
      if (v.outcome !== true || (v.history ?? true) !== true || (v.details ?? true) !== true)
        console.log(area, one.id, '\n   O', v.outcome, '\n   H', v.history, '\n   D', v.details);
    } catch (e) {
      console.log(area, one.id, 'CRASH', (e as Error).stack);
    }
  }
}
console.log({ n, o, c, h, d });
