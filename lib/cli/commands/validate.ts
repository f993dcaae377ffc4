import { relative } from 'node:path';
import { PipelineCycleError } from '../../compiler/pipeline-cycle-error.ts';
import { pipelineCycles, pipelinesBefore } from '../../compiler/pipeline-order.ts';
import type { CommandFile } from '../command.ts';
import { type Fault, faultsOf, showFault } from '../describe-error.ts';
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
        const circles = circlesOf(loaded);
        const results = chosen(loaded, name).map(({ file, definition, plan, error }) => ({
          file: relative(process.cwd(), file),
          pipeline: definition?.name,
          digest: plan?.digest,
          problems: [...(error === undefined ? [] : faultsOf(error)), ...(circles.get(file) ?? [])],
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

/** Circles in which pipelines start one another, at what starts each of them. */
function circlesOf(loaded: readonly ProjectPipeline[]): ReadonlyMap<string, Fault[]> {
  const defined = loaded.flatMap(({ file, definition }) => (definition ? [{ file, definition }] : []));
  const names = defined.map(({ definition }) => definition.name);
  const cycles = pipelineCycles(
    defined.map(({ definition: { name, on } }) => ({ pipeline: name, triggers: on.map(({ trigger }) => trigger) })),
  );
  const faults = new Map<string, Fault[]>();
  for (const cycle of cycles)
    for (const { file, definition } of defined) {
      const place = cycle.lastIndexOf(definition.name);
      if (place === -1) continue;
      const starts = definition.on.find(({ trigger }) =>
        pipelinesBefore({ triggers: [trigger] }, names).includes(cycle[place - 1]!),
      );
      const own = faultsOf(new PipelineCycleError(cycle)).map((fault) => ({
        ...fault,
        part: `${definition.name} / on`,
        at: starts?.at ?? definition.at,
      }));
      faults.set(file, [...(faults.get(file) ?? []), ...own]);
    }
  return faults;
}

function chosen(loaded: readonly ProjectPipeline[], name: string | undefined): readonly ProjectPipeline[] {
  if (name === undefined) return loaded;
  const found = loaded.filter((one) => isNamed(one, name));
  if (found.length > 0) return found;
  throw unknownPipeline(
    name,
    loaded.flatMap((one) => one.definition?.name ?? []),
  );
}
