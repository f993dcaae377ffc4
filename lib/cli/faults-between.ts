import { ambiguousShares } from '../compiler/ambiguous-shares.ts';
import { PipelineCycleError } from '../compiler/pipeline-cycle-error.ts';
import { pipelineCycles, pipelinesBefore } from '../compiler/pipeline-order.ts';
import type { Definition } from '../definition/index.ts';
import { type Fault, faultsOf } from './describe-error.ts';
import type { ProjectPipeline } from './project.ts';

type Defined = ProjectPipeline & { readonly definition: Definition };

/** What is wrong between the pipelines of a project, by the files that have a part in it. */
export function faultsBetween(loaded: readonly ProjectPipeline[]): ReadonlyMap<string, readonly Fault[]> {
  const defined = loaded.filter((one): one is Defined => one.definition !== undefined);
  const found = [...circlesOf(defined), ...sharesOf(defined)];
  return new Map(
    [...Map.groupBy(found, ({ file }) => file)].map(([file, of]) => [file, of.flatMap(({ faults }) => faults)]),
  );
}

interface FileFaults {
  readonly file: string;
  readonly faults: readonly Fault[];
}

/** Circles in which pipelines start one another, at what starts each of them. */
function circlesOf(defined: readonly Defined[]): FileFaults[] {
  const names = defined.map(({ definition }) => definition.name);
  const cycles = pipelineCycles(
    defined.map(({ definition: { name, on } }) => ({ pipeline: name, triggers: on.map(({ trigger }) => trigger) })),
  );
  return cycles.flatMap((cycle) =>
    defined.flatMap(({ file, definition }) => {
      const place = cycle.lastIndexOf(definition.name);
      if (place === -1) return [];
      const starts = definition.on.find(({ trigger }) =>
        pipelinesBefore({ triggers: [trigger] }, names).includes(cycle[place - 1]!),
      );
      const own = { part: `${definition.name} / on`, at: starts?.at ?? definition.at };
      return [{ file, faults: faultsOf(new PipelineCycleError(cycle)).map((fault) => ({ ...fault, ...own })) }];
    }),
  );
}

/** Shares of which pipelines do not say the same number of runs. */
function sharesOf(defined: readonly Defined[]): FileFaults[] {
  const sharing = defined.map(({ file, definition: { name, shares, at } }) => ({ file, pipeline: name, shares, at }));
  return ambiguousShares(sharing).flatMap(({ error, of }) =>
    of.map(({ file, pipeline, at }) => ({
      file,
      faults: faultsOf(error).map((fault) => ({ ...fault, part: `${pipeline} / shares`, at })),
    })),
  );
}
