import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');

/** Where the machine's own time is asked, each with the reason why the cloud's clock would be wrong. */
const reasons: Readonly<Record<string, string>> = {
  'local/in-process/in-process-request.ts':
    'the connection that there is not lets clients set timeouts that never pass',
  'local/index.ts': 'a virtual clock starts at the time of the machine',
  'local/gateway.ts': 'how long a closing cloud waits for requests that are being served',
  'local/iam/signing/verify.ts': 'callers sign by the clock of the machine',
  'local/services/executeapi/integrations/within-time.ts': 'bounds a hold on the clock, which stands still meanwhile',
  'local/services/lambda/environment/bootstrap.cjs':
    'runs in the process of a function, which sees the time of the machine',
  'local/services/lambda/environment/console-output.cjs': 'runs in the process of a function',
  'local/services/lambda/environment/environment.ts':
    'what processes take, and what they may take, is time of the machine',
  'local/services/lambda/environment/function-process.ts': 'how often memory and disk of a process are looked at',
  'local/services/lambda/environment/log-stream-writer.ts': 'how long a line of a log stays in a buffer',
  'local/services/lambda/environment/pool.ts': 'idle processes take memory of the machine',
};

it('takes its time from the clock of the cloud, but for these places', () => {
  const asks = /\bDate\.now\(|\bset(Timeout|Interval)\(|\bperformance\.now\(|\bnew Date\(\)|\bhrtime\b/;
  const files = globSync('local/**/*.{ts,cjs}', { cwd: root }).filter((file) => !file.startsWith('local/clocks/'));
  const asking = files.filter((file) => asks.test(readFileSync(join(root, file), 'utf8')));
  expect(asking.toSorted()).toEqual(Object.keys(reasons).toSorted());
});
