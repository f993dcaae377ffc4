import { relative } from 'node:path';
import type { CommandFile } from '../command.ts';
import { faultsOf, showFault } from '../describe-error.ts';
import { faultsBetween } from '../faults-between.ts';
import { counted } from '../print.ts';
import { isNamed, loadPipelines, type ProjectPipeline, unknownPipeline } from '../project.ts';

/**
 * `penstock validate [pipeline]`: checks pipelines from source to sink and shows every problem of every file.
 * JSON: `[{ file, pipeline?, digest?, problems: [{ code, at?, part, problem, received?, allowed?, change }] }]`; `at` is
 * `file:line:column`. The exit code is 1 where there is a problem.
 */
export const validate: CommandFile = (program, act) => {
  program
    .command('validate')
    .argument('[pipeline]', 'name of a pipeline; default: all of them')
    .description('check pipelines from source to sink')
    .action(
      act(async ({ printer }, name: string | undefined) => {
        const loaded = await loadPipelines();
        const between = faultsBetween(loaded);
        const results = chosen(loaded, name).map(({ file, definition, plan, error }) => ({
          file: relative(process.cwd(), file),
          pipeline: definition?.name,
          digest: plan?.digest,
          problems: [...(error === undefined ? [] : faultsOf(error)), ...(between.get(file) ?? [])],
        }));
        printer.data(results);
        for (const { file, pipeline, digest, problems } of results) {
          if (problems.length === 0)
            printer.line(
              `${printer.paint('green', '✓')} ${pipeline}  ${printer.paint('dim', `plan ${digest!.slice(0, 8)}  ${file}`)}`,
            );
          for (const problem of problems) showFault(printer, { ...problem, at: problem.at ?? file });
        }
        const problems = results.flatMap((one) => one.problems);
        if (problems.length === 0) return 0;
        const bad = results.filter((one) => one.problems.length > 0);
        printer.line(`${counted(problems.length, 'problem')} in ${counted(bad.length, 'file')}`);
        return 1;
      }),
    );
};

function chosen(loaded: readonly ProjectPipeline[], name: string | undefined): readonly ProjectPipeline[] {
  if (name === undefined) return loaded;
  const found = loaded.filter((one) => isNamed(one, name));
  if (found.length > 0) return found;
  throw unknownPipeline(
    name,
    loaded.flatMap((one) => one.definition?.name ?? []),
  );
}
