import type { Command } from 'commander';
import type { CommandFile } from '../command.ts';
import { beginsWith, dropFile, filesAt, filesOfSet, isAwaited, landingKey, startsRun } from '../drop-file.ts';
import { CommandUsageError } from '../errors.ts';
import { findPlatform } from '../platform.ts';
import { counted, type Printer } from '../print.ts';
import { compiledPipeline } from '../project.ts';
import { type FileOutcome, outcomesOf } from '../runs-of-files.ts';
import { runDetail, showRun } from '../show-run.ts';
import { waitsForEnd, watchRuns } from '../watch-runs.ts';

/**
 * `penstock put <file…> <pipeline>`: drops files where the pipeline waits for them; a folder stands for the files in it.
 * The exit code of `--wait` is 0 where every run has completed, 1 where one has failed or waits for a review.
 * JSON: `{ files: [{ file, key, versionId, passedOver?, waits?, paused? }], runs: [as of "run show"] }`; `runs` is empty without `--wait`.
 * `passedOver` says why a file is not run (`repeated`: its content was run; `superseded`: a newer one came before), `waits`
 * how many files of a set are there that is not complete, `paused` that it waits until the pipeline is resumed.
 */
export const put: CommandFile = (program, act) => {
  program
    .command('put')
    .description('drop files where the pipeline waits for them')
    .argument('<file...>', 'files or folders, and behind them the pipeline')
    .usage('[options] <file…> <pipeline>')
    .option('--key <key>', 'key in the lake; default: the reference of that name, or the landing folder')
    .option('--wait', `of the runs that start: ${waitsForEnd}`)
    .action(
      act(async ({ printer }, words: string[], { key, wait }: PutOptions, command: Command) => {
        const { paths, pipeline } = wordsOf(words, command);
        const { plan } = await compiledPipeline(pipeline);
        const files = paths.flatMap(filesAt).map((file) => ({ file, key: key ?? landingKey(plan, file) }));
        requireKey(key, files.length);
        const platform = findPlatform();
        // References first: the runs that the others start read them.
        const inOrder = [...files].sort((a, b) => Number(startsRun(plan, a.key)) - Number(startsRun(plan, b.key)));
        const dropped: { file: string; key: string; versionId?: string }[] = [];
        for (const one of inOrder) {
          dropped.push({ ...one, versionId: await dropFile(platform, one.file, one.key) });
          const note = beginsWith(plan, one.key);
          printer.line(`${one.file} → s3://${platform.address.lake}/${one.key}${note ? `   (${note})` : ''}`);
        }
        const awaited = wait ? dropped.filter((one) => isAwaited(plan, one.key)) : [];
        const outcomes = await outcomesOf(
          platform,
          awaited.map((one) => ({ pipeline, ...one, complete: filesOfSet(plan, one.key) })),
        );
        for (const [index, { file }] of awaited.entries()) tell(printer, { file, pipeline }, outcomes[index]!);
        const runs = outcomes.flatMap((one) => (one.as === 'run' ? [one.run] : []));
        const ended = await watchRuns(platform, [...new Map(runs.map((run) => [run.run, run])).values()], printer);
        const details = await Promise.all(ended.map((run) => runDetail(platform, run)));
        printer.data({
          files: dropped.map((one) => ({ ...one, ...toldOf(outcomes[awaited.indexOf(one)]) })),
          runs: details,
        });
        for (const detail of details) showRun(printer, detail);
        return ended.every((run) => run.state === 'Completed') ? 0 : 1;
      }),
    );
};

/** What there is to tell of a file that no run has taken. */
function toldOf(outcome: FileOutcome | undefined): object {
  if (outcome?.as === 'nothing') return { passedOver: outcome.because };
  if (outcome?.as === 'paused') return { paused: true };
  return outcome?.as === 'waits' ? { waits: outcome.batch.files } : {};
}

function tell(
  printer: Printer,
  { file, pipeline }: { readonly file: string; readonly pipeline: string },
  outcome: FileOutcome,
): void {
  if (outcome.as === 'paused')
    printer.line(`${file} waits until ${pipeline} is resumed: npx penstock pipeline resume ${pipeline}`);
  if (outcome.as === 'waits')
    printer.line(`${file} waits for the rest of its set, of which ${counted(outcome.batch.files, 'file')} came`);
  if (outcome.as !== 'nothing') return;
  const why = outcome.because === 'repeated' ? 'its content has been run before' : 'a newer version came before it';
  printer.line(`${file} is passed over: ${why} (version ${outcome.by})`);
}

interface PutOptions {
  readonly key?: string;
  readonly wait?: boolean;
}

function wordsOf(words: readonly string[], command: Command): { paths: readonly string[]; pipeline: string } {
  const pipeline = words.at(-1)!;
  if (words.length > 1) return { paths: words.slice(0, -1), pipeline };
  throw new CommandUsageError({
    problem: "missing required argument 'pipeline'",
    received: pipeline,
    allowed: `penstock put ${command.usage()}`,
    change: 'name the pipeline behind the file',
  });
}

function requireKey(key: string | undefined, files: number): void {
  if (key === undefined) return;
  if (files > 1)
    throw new CommandUsageError({
      problem: 'several files cannot have one key',
      received: `${files} files and --key ${key}`,
      allowed: '--key with one file',
      change: 'put them one by one, or leave --key out',
    });
  if (!/^(landing|reference)\/.+[^/]$/.test(key))
    throw new CommandUsageError({
      problem: 'that is not a key for dropped files',
      received: key,
      allowed: '"landing/<folder>/<file>" or "reference/<file>"',
      change: 'give a key in one of the two zones',
    });
}
