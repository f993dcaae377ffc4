import { resolve } from 'node:path';
import { judgeCases } from './judge-cases.ts';
import { surprises } from './known-failures.ts';
import { loadCases } from './load-cases.ts';
import { report } from './report.ts';
import type { Verdict } from './verdict.ts';

const recordings = resolve(import.meta.dirname, '../../../shared/conformance');
const folder = process.argv[2] ?? recordings;

const verdicts: Verdict[] = [];
for await (const verdict of judgeCases(loadCases(folder))) verdicts.push(verdict);

const unexpected = surprises(verdicts);
for (const line of [...unexpected, '', ...report(verdicts)]) console.log(line);
process.exitCode = unexpected.length > 0 ? 1 : 0;
