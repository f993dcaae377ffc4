// Runs as a process of its own, prints the ids of an idle and of an endlessly looping function, and waits to be killed.
import { flushCompileCache } from 'node:module';
import { lambdaCloud } from './lambda-cloud.ts';

const lambda = await lambdaCloud();
await lambda.deploy('idle', 'return process.pid');
await lambda.deploy('looping', "require('fs').writeFileSync(event.path, String(process.pid)); for (;;);", {
  Timeout: 900,
});
const idle = (await lambda.invoke('idle')).result;
const path = `${lambda.folder({ seen: '' })}/pid`;
void lambda.invoke('looping', { path });
const { existsSync, readFileSync } = await import('node:fs');
while (!existsSync(path) || readFileSync(path, 'utf8') === '') await new Promise((resolve) => setTimeout(resolve, 5));
console.log(JSON.stringify([idle, Number(readFileSync(path, 'utf8'))]));
// A process that is killed would not write what it has compiled.
flushCompileCache();
setInterval(() => {}, 60_000);
