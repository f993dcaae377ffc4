import { join } from 'node:path';
import type { CommandFile } from '../command.ts';
import { CommandInputError } from '../errors.ts';
import { addressOf, readAddress, removeAddress, stateFolder, writeAddress } from '../platform.ts';
import { duration } from '../print.ts';
import { compiledPipelines } from '../project.ts';
import { untilStopped } from '../until-stopped.ts';

/** `penstock local`: synthesizes the app and runs exactly that on this machine until it is stopped. */
export const local: CommandFile = (program, act) => {
  program
    .command('local')
    .description('run the synthesized app on this machine')
    .option('--data <folder>', 'keep everything in this folder', join(stateFolder, 'data'))
    .option('--port <number>', 'port on 127.0.0.1', portNumber, 4566)
    .action(
      act(async ({ printer, doors }, options: { data: string; port: number }) => {
        const running = readAddress();
        if (running) {
          throw new CommandInputError({
            problem: 'local AWS is running in this folder already',
            received: `${running.endpoint} (process ${running.pid})`,
            allowed: 'one at a time for each folder',
            change: 'use it, or stop it first',
          });
        }
        const start = performance.now();
        const { startLocal } = await import('../../../local/index.ts');
        const assembly = await doors.synthesize(await compiledPipelines(), 'cdk.out');
        const synthesized = performance.now();
        const app = await startLocal({ cloudAssembly: assembly, dataFolder: options.data, port: options.port });
        try {
          const address = addressOf(app);
          writeAddress(address);
          printer.data({
            ...address,
            milliseconds: { synthesize: synthesized - start, provision: performance.now() - synthesized },
          });
          printer.line(
            `synthesized in ${duration(synthesized - start)}, provisioned in ${duration(performance.now() - synthesized)}`,
          );
          printer.line(
            `local AWS    ${printer.paint('cyan', app.endpoint)}   (access key "local", secret "local", region ${app.cloud.region})`,
          );
          printer.line(`lake         s3://${address.lake}`);
          printer.line(`data folder  ${options.data}`);
          printer.line();
          printer.line(
            'In another terminal: npx penstock put <file> <pipeline>, npx penstock runs, npx penstock query "<sql>". Ctrl-C stops.',
          );
          await untilStopped();
        } finally {
          removeAddress();
          await app.close();
        }
      }),
    );
};

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new CommandInputError({
    problem: 'that is not a port',
    received: text,
    allowed: '0 to 65535; 0 takes any free one',
    change: 'give another --port',
  });
}
