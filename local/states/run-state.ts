import { catcherFor } from './catch.ts';
import type { Checkpoint } from './environment.ts';
import type { Json, JsonObject } from './json.ts';
import { maxPayloadBytes, type Payload } from './payload.ts';
import { checkpointOf } from './progress.ts';
import { QueryEvaluationError } from './query/query-evaluation-error.ts';
import type { Sources } from './query/query-language.ts';
import { countRetry, retryFor } from './retry.ts';
import { stateTypes } from './state-types/state-types.ts';
import { StatesError } from './states-error.ts';
import { failureDetails } from './task/lambda-task.ts';
import type { Visit } from './visit.ts';

/** The most bytes that all variables of an execution may have together. */
const maxVariableBytes = 10 * 1024 * 1024;

/** What a state's work came to. */
export interface StateResult {
  readonly output: Payload;
  /** The state to go to; undefined ends the branch. */
  readonly next: string | undefined;
  readonly variables?: JsonObject;
}

/** Runs one state until it is left: its work, its retries, its catches. Rejects with what nothing caught. */
export async function runState(visit: Visit, from?: Checkpoint): Promise<StateResult> {
  const type = stateTypes[visit.node.type];
  let resumeFrom = from;
  for (;;) {
    try {
      const result = await type.run(visit, resumeFrom);
      if (result.output.tooLarge) throw tooLarge(visit);
      return leave(visit, result);
    } catch (error) {
      if (!(error instanceof StatesError)) throw error;
      if (error instanceof QueryEvaluationError) recordEvaluationFailure(visit, error);
      resumeFrom = undefined;
      if (!error.terminal) {
        const retry = retryFor(visit, error);
        if (retry?.seconds !== undefined) {
          countRetry(visit, retry.index);
          visit.progress = undefined;
          visit.mapRunStarted = false;
          const { branch } = visit;
          if (branch.outermost) branch.run.environment.checkpoint?.(checkpointOf(visit));
          await visit.branch.run.environment.clock.sleep(retry.seconds * 1000, visit.branch.signal);
          continue;
        }
      }
      // A redrive repeats all of a state whose data was too large.
      if (error.error === 'States.DataLimitExceeded') visit.progress = undefined;
      if (error.terminal) throw error;
      type.failed?.(visit);
      return leave(
        visit,
        await caught(visit, error).catch((again) => {
          if (again !== error && again instanceof QueryEvaluationError) recordEvaluationFailure(visit, again);
          throw again;
        }),
      );
    }
  }
}

function recordEvaluationFailure(visit: Visit, error: QueryEvaluationError): void {
  visit.branch.record('EvaluationFailed', {
    ...failureDetails(error),
    ...(error.location === undefined ? {} : { location: error.location }),
    state: visit.node.name,
  });
}

function leave(visit: Visit, result: StateResult): StateResult {
  const { branch, node } = visit;
  const details: JsonObject = { name: node.name, output: result.output.text };
  if (result.variables && Object.keys(result.variables).length > 0) {
    const texts = textOfEach(result.variables);
    checkVariables(visit, branch.scope.assign(result.variables, texts));
    details.assignedVariables = texts;
  }
  branch.record(`${node.type}StateExited`, details);
  branch.current = undefined;
  branch.left = { output: result.output, next: result.next };
  return result;
}

async function caught(visit: Visit, error: StatesError): Promise<StateResult> {
  const catcher = catcherFor(visit, error);
  if (!catcher) throw error;
  const { definition, where } = catcher;
  const sources: Sources = { errorOutput: error.output };
  const { language } = visit.node;
  const output = await language.caught(visit, catcher, error.output);
  const variables = definition.Assign ? await language.assign(visit, definition.Assign, sources, where) : undefined;
  return { output, next: definition.Next, ...(variables ? { variables } : {}) };
}

/** One Assign may hold as much as a state's output, all variables together forty times that. */
function checkVariables(visit: Visit, assignedBytes: number): void {
  if (assignedBytes <= maxPayloadBytes && visit.branch.scope.size <= maxVariableBytes) return;
  throw new StatesError(
    'States.DataLimitExceeded',
    `The state '${visit.node.name}' assigned variables with a size exceeding the maximum number of bytes service limit.`,
    { terminal: true },
  );
}

function tooLarge(visit: Visit): StatesError {
  return new StatesError(
    'States.DataLimitExceeded',
    `The state/task '${visit.node.name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

/** The values as JSON, by name. */
export function textOfEach(values: Record<string, Json>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
}
