/** Local AWS in a process that can be killed: `node killed-app.ts <cdk.out> <data folder>`. Prints its endpoint. */
import { flushCompileCache } from 'node:module';
import { startLocal } from '../../../local/index.ts';

const [cloudAssembly, dataFolder] = process.argv.slice(2) as [string, string];
const app = await startLocal({ cloudAssembly, dataFolder });
process.stdout.write(`${app.endpoint}\n`);
// A process that is killed would not write what it has compiled.
flushCompileCache();
// Timers of local AWS do not hold the process.
setInterval(() => {}, 2 ** 30);
