import type { CommandFile } from '../command.ts';
import { dropFile, landingKey } from '../drop-file.ts';
import { findPlatform } from '../platform.ts';
import { compiledPipeline } from '../project.ts';
import { runDetail, showRun } from '../show-run.ts';
import { runOfVersion, watchRuns } from '../watch-runs.ts';

/** `penstock put <file> <pipeline>`: drops a file where the pipeline waits for it. */
export const put: CommandFile = (program, act) => {
  program
    .command('put <file> <pipeline>')
    .description('drop a file where the pipeline waits for it')
    .option('--key <key>', 'key in the lake; default: the reference of that name, or the landing folder')
    .option('--wait', 'follow the run that it starts to its end')
    .action(
      act(async ({ printer }, file: string, name: string, options: { key?: string; wait?: boolean }) => {
        const platform = findPlatform();
        const { plan } = await compiledPipeline(name);
        const key = options.key ?? landingKey(plan, file);
        const versionId = await dropFile(platform, file, key);
        printer.line(`${file} → s3://${platform.address.lake}/${key}`);
        if (!options.wait) return printer.data({ key, versionId });
        const run = await runOfVersion(platform, { pipeline: name, key, versionId });
        const [ended] = await watchRuns(platform, [run], printer);
        const detail = await runDetail(platform, ended!);
        printer.data({ key, versionId, ...detail });
        showRun(printer, platform, detail);
        return ended!.state === 'Completed' ? 0 : 1;
      }),
    );
};
