import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { LocalCloud } from '../../../../local/cloud.ts';
import { createS3 } from '../../../../local/services/s3/index.ts';
import { createSqs } from '../../../../local/services/sqs/index.ts';

/** A cloud in a process of its own, so that a test can kill it. Resolves when it listens. */
export async function cloudToKill(dataFolder: string) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), dataFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [endpoint] = (await once(createInterface(child.stdout), 'line')) as [string];
  const kill = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return { endpoint, pid: child.pid!, kill };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const cloud = await LocalCloud.start({ services: [createS3, createSqs], dataFolder: process.argv[2]! });
  console.log(cloud.endpoint);
  // A process that is killed would not write what it has compiled.
  flushCompileCache();
}
