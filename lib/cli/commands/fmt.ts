import { readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { CommandFile } from '../command.ts';
import { CommandInputError } from '../errors.ts';
import { counted } from '../print.ts';
import { pipelineFiles } from '../project.ts';

/**
 * `penstock fmt [files…]`: writes YAML pipelines in the one way to write them; comments stay. Default: all of
 * `pipelines/`. With `--check` nothing is written, and the exit code is 1 where something would be.
 * JSON: `[{ file, changed }]`.
 */
export const fmt: CommandFile = (program, act) => {
  program
    .command('fmt')
    .argument('[files...]', 'YAML pipelines; default: those of pipelines/')
    .description('write YAML pipelines in the one way to write them')
    .option('--check', 'write nothing, and fail where something would be written')
    .action(
      act(async ({ printer }, files: readonly string[], { check }: { check?: boolean }) => {
        const { formatPipeline } = await import('../../definition/yaml/format-pipeline.ts');
        const results = chosen(files).map((path) => {
          const file = relative(process.cwd(), path);
          const text = textOf(path, file);
          const formatted = formatPipeline(text, file);
          return { file, path, formatted, changed: formatted !== text };
        });
        const changed = results.filter((one) => one.changed);
        if (!check) for (const { path, formatted } of changed) writeFileSync(path, formatted);
        printer.data(results.map(({ file, changed }) => ({ file, changed })));
        for (const { file } of changed) printer.line(`  ${check ? 'not formatted' : 'formatted'}  ${file}`);
        printer.line(
          `${counted(results.length, 'file')}, ${changed.length} ${check ? 'not as fmt would write it' : 'changed'}`,
        );
        return check && changed.length > 0 ? 1 : 0;
      }),
    );
};

function chosen(files: readonly string[]): readonly string[] {
  return files.length > 0
    ? files.map((file) => resolve(file))
    : pipelineFiles().filter((file) => !file.endsWith('.ts'));
}

function textOf(path: string, file: string): string {
  const problem = (problem: string, received: string, cause?: unknown) =>
    new CommandInputError({
      problem,
      received,
      allowed: 'a pipeline in YAML (.yaml, .yml)',
      change: 'name another file',
      cause,
    });
  if (!/\.ya?ml$/.test(path)) throw problem('only YAML pipelines are formatted', file);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw problem(`the file cannot be read: ${(cause as Error).message}`, file, cause);
  }
}
