import type { Clock } from '../../../../lib/core/clock.ts';
import { Branch } from '../../../states/branch.ts';
import { catcherFor } from '../../../states/catch.ts';
import { complete } from '../../../states/complete.ts';
import { History } from '../../../states/history.ts';
import type { JsonObject } from '../../../states/json.ts';
import type { StateNode } from '../../../states/machine.ts';
import { mapFields } from '../../../states/map/map-fields.ts';
import { stateData } from '../../../states/map/map-item.ts';
import { Payload } from '../../../states/payload.ts';
import { retryFor } from '../../../states/retry.ts';
import { contextOf, type ExecutionIdentity } from '../../../states/run-machine.ts';
import { type StateResult, textOfEach } from '../../../states/run-state.ts';
import { Scope } from '../../../states/scope.ts';
import { stateTypes } from '../../../states/state-types/state-types.ts';
import { StatesError } from '../../../states/states-error.ts';
import { Visit } from '../../../states/visit.ts';
import { inspectItems } from './inspect-items.ts';
import type { TestEnvironment } from './test-environment.ts';
import type { Mock } from './valid-test.ts';

/** A test takes no longer. */
const longestMilliseconds = 5 * 60 * 1000;

export interface TestOptions {
  readonly node: StateNode;
  /** The state is one of a Map's processor: the context object has an item. */
  readonly inMap: boolean;
  readonly input: Payload;
  readonly variables: JsonObject;
  readonly identity: ExecutionIdentity;
  /** A mocked context object in place of the one made up for the test. */
  readonly context: JsonObject | undefined;
  readonly mock: Mock | undefined;
  readonly configuration: JsonObject;
  readonly environment: TestEnvironment;
}

/** Visits one state once and says how it came out, in the shape of TestState. */
export async function runTest(options: TestOptions): Promise<JsonObject> {
  const { environment, input } = options;
  const over = new AbortController();
  const visit = visitOf(options, over.signal);
  environment.inspect('input', input.value);
  try {
    const result = await inTime(attempt(visit, options), environment.clock);
    if (result.variables) visit.branch.scope.assign(result.variables, textOfEach(result.variables));
    showVariables(visit, environment);
    const next = result.next === undefined ? {} : { nextState: result.next };
    return { status: 'SUCCEEDED', output: result.output.text, ...next };
  } catch (error) {
    if (!(error instanceof StatesError)) throw error;
    return failed(visit, error, options);
  } finally {
    over.abort();
  }
}

function inTime<T>(work: Promise<T>, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const tooLong = new StatesError('States.Timeout', undefined, { terminal: true });
    const timer = clock.after(longestMilliseconds, () => reject(tooLong));
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}

function visitOf(options: TestOptions, signal: AbortSignal): Visit {
  const { environment, identity, node, inMap, input, variables, context } = options;
  const history = new History(environment.clock, () => {});
  const branch = new Branch({
    run: { environment, history, context: context ?? contextOf(identity, input) },
    machine: {
      startAt: node.name,
      states: new Map([[node.name, node]]),
      timeoutSeconds: undefined,
      language: node.language,
    },
    scope: new Scope(undefined, variables),
    signal,
    lastEventId: 0,
    mapItem: inMap ? { index: 0, value: input.value, source: stateData } : undefined,
  });
  const visit = new Visit(branch, node, input, { eventId: 1, time: environment.clock.now() });
  visit.fixedContext = context;
  return visit;
}

/** The branches of a Parallel and the iterations of a Map are not run: the mock is what came of them. */
async function attempt(visit: Visit, options: TestOptions): Promise<StateResult> {
  const { node, mock } = options;
  if (node.type === 'Map') return attemptMap(visit, options);
  if (node.type !== 'Parallel') return stateTypes[node.type].run(visit);
  return complete(visit, resultOf(mock));
}

async function attemptMap(visit: Visit, { environment, mock, configuration, node }: TestOptions): Promise<StateResult> {
  const { definition } = node;
  await inspectItems(visit, configuration);
  environment.inspect('maxConcurrency', await mapFields.maxConcurrency(visit));
  const { count, percentage } = await mapFields.tolerance(visit);
  const limited = (field: string) => definition[field] !== undefined || definition[`${field}Path`] !== undefined;
  if (limited('ToleratedFailureCount')) environment.inspect('toleratedFailureCount', count);
  if (limited('ToleratedFailurePercentage')) environment.inspect('toleratedFailurePercentage', percentage);
  const result = resultOf(mock);
  const { mapIterationFailureCount: failures = 0 } = configuration;
  const share = Array.isArray(result.value) ? (failures / result.value.length) * 100 : 0;
  const tooMany = limited('ToleratedFailureCount') && failures > count;
  const tooMuch = limited('ToleratedFailurePercentage') && share > percentage;
  if (tooMany || tooMuch) {
    throw new StatesError(
      'States.ExceedToleratedFailureThreshold',
      'The specified tolerated failure threshold was exceeded',
    );
  }
  return complete(visit, result);
}

function resultOf(mock: Mock | undefined): Payload {
  if (mock?.errorOutput) throw new StatesError(mock.errorOutput.error, mock.errorOutput.cause, { fromTask: true });
  return new Payload(mock!.result);
}

async function failed(visit: Visit, error: StatesError, options: TestOptions): Promise<JsonObject> {
  const { environment, configuration } = options;
  const told = {
    ...(error.error === undefined ? {} : { error: error.error }),
    ...(error.reason === undefined ? {} : { cause: plainCause(error.reason) }),
  };
  if (error.terminal) return { status: 'FAILED', ...told };
  const { retrierRetryCount: used = 0 } = configuration;
  for (const index of (visit.definition.Retry ?? []).keys()) visit.retriesUsed[index] = used;
  const retry = retryFor(visit, error);
  if (retry) {
    const { index: retryIndex, seconds: retryBackoffIntervalSeconds } = retry;
    environment.inspect('errorDetails', {
      ...(retryBackoffIntervalSeconds === undefined ? {} : { retryBackoffIntervalSeconds }),
      retryIndex,
    });
    if (retryBackoffIntervalSeconds !== undefined) return { status: 'RETRIABLE', ...told };
  }
  const catcher = catcherFor(visit, error);
  if (!catcher) return { status: 'FAILED', ...told };
  environment.inspect('errorDetails', { catchIndex: catcher.index });
  const output = await visit.node.language.caught(visit, catcher, error.output);
  return { status: 'CAUGHT_ERROR', ...told, output: output.text, nextState: catcher.definition.Next };
}

/** Tells of the variables that the state leaves behind, where there are any. */
function showVariables(visit: Visit, environment: TestEnvironment): void {
  const variables = visit.branch.scope.visible();
  if (Object.keys(variables).length > 0) environment.inspect('variables', variables);
}

/** A test tells what went wrong without saying in which state of which history. */
const plainCause = (cause: string) =>
  cause.replace(/^An error occurred while executing the state '.*?' \(entered at the event id #\d+\)\. /s, '');
