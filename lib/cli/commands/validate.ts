import type { CommandFile } from '../command.ts';
import { faultsOf, showFault } from '../describe-error.ts';
import { loadPipelines, unknownPipeline } from '../project.ts';

/** `penstock validate [pipeline]`: checks pipelines from source to sink and shows every problem. */
export const validate: CommandFile = (program, act) => {
  program
    .command('validate [pipeline]')
    .description('check pipelines from source to sink; all of them by default')
    .action(
      act(async ({ printer }, name: string | undefined) => {
        const loaded = await loadPipelines();
        const chosen = loaded.filter(
          (one) =>
            name === undefined ||
            one.definition?.name === name ||
            (!one.definition && one.file.endsWith(`/${name}.ts`)),
        );
        if (name !== undefined && chosen.length === 0)
          throw unknownPipeline(
            name,
            loaded.flatMap((one) => one.definition?.name ?? []),
          );
        const results = chosen.map(({ file, definition, plan, error }) => ({
          file,
          pipeline: definition?.name,
          digest: plan?.digest,
          problems: error === undefined ? [] : faultsOf(error),
        }));
        printer.data(results);
        for (const { file, pipeline, digest, problems } of results) {
          if (problems.length === 0)
            printer.line(
              `${printer.paint('green', '✓')} ${pipeline}  ${printer.paint('dim', `plan ${digest!.slice(0, 8)}`)}`,
            );
          for (const problem of problems) showFault(printer, problem, file);
        }
        return results.some((one) => one.problems.length > 0) ? 1 : 0;
      }),
    );
};
