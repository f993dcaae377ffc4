import type { MapRun, MapRunLimits, Outcome } from '../environment.ts';
import { readItems } from '../item-reader/read-items.ts';
import type { Json } from '../json.ts';
import { checkpointOf } from '../progress.ts';
import { Suspension } from '../run-machine.ts';
import { StatesError } from '../states-error.ts';
import type { Visit } from '../visit.ts';
import { childInputs } from './child-inputs.ts';
import { ChildPool } from './child-pool.ts';
import type { Dataset } from './dataset.ts';
import { mapFields } from './map-fields.ts';
import { writeResults } from './write-results.ts';

/**
 * Runs a distributed Map as a Map Run of child executions; resolves to their outputs, or to where they were written.
 * `begun`: a Map Run was started before a restart or a redrive.
 */
export async function runDistributed(visit: Visit, begun: boolean): Promise<Json> {
  const { branch, definition, node } = visit;
  const { environment, history } = branch.run;
  const reader = definition.ItemReader;
  const given = reader ? undefined : await mapFields.items(visit, { members: true });
  if (!begun) branch.record('MapStateStarted', { length: given?.items.length ?? 0 });
  const maxConcurrency = await mapFields.maxConcurrency(visit);
  const tolerated = await mapFields.tolerance(visit);
  const processor = definition.ItemProcessor ?? definition.Iterator;
  const limits = {
    maxConcurrency,
    toleratedFailureCount: tolerated.count,
    toleratedFailurePercentage: tolerated.percentage,
  };
  const run = environment.openMapRun({
    stateName: node.name,
    ...(definition.Label === undefined ? {} : { label: definition.Label }),
    machine: node.processor!,
    definition: { QueryLanguage: node.processor!.language.name, ...processor },
    enteredEventId: visit.enteredEventId,
    executionType: processor.ProcessorConfig.ExecutionType,
    limits,
  });
  try {
    visit.mapRunStarted = true;
    if (run.redriven !== undefined) {
      branch.record('MapRunRedriven', { mapRunArn: run.arn, redriveCount: run.redriven });
    } else if (!run.resumed) {
      branch.record('MapRunStarted', { mapRunArn: run.arn });
    }
    if (branch.outermost) environment.checkpoint?.(checkpointOf(visit));
    const outcomes = await runChildren(visit, run, limits, given);
    const result = definition.ResultWriter ? await writeResults(visit, run, outcomes) : outputsOf(outcomes);
    run.finish('SUCCEEDED');
    branch.record('MapRunSucceeded');
    history.record('MapStateSucceeded', branch.lastEventId);
    return result;
  } catch (error) {
    if (!(error instanceof StatesError)) {
      if (!(branch.signal.reason instanceof Suspension)) run.finish('ABORTED');
      throw error;
    }
    run.finish('FAILED', error.error);
    branch.record('MapRunFailed', {
      ...(error.error === undefined ? {} : { error: error.error }),
      ...(error.reason === undefined ? {} : { cause: error.reason }),
    });
    throw error;
  }
}

async function runChildren(
  visit: Visit,
  run: MapRun,
  limits: MapRunLimits,
  given: Dataset | undefined,
): Promise<Outcome[]> {
  const inputs = await childInputs(visit, given ?? (await readItems(visit, visit.definition.ItemReader)));
  run.itemsRead(inputs.itemCount);
  const pool = new ChildPool({
    run,
    limits,
    signal: visit.branch.signal,
    itemCount: inputs.itemCount,
  });
  return pool.runAll(inputs.children);
}

/** Failures that were tolerated leave no output. */
function outputsOf(outcomes: readonly Outcome[]): Json[] {
  return outcomes.flatMap((outcome) => (outcome.status === 'SUCCEEDED' ? [outcome.output.value] : []));
}
