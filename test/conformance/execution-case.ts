import { showEvent } from '../../local/services/stepfunctions/show-event.ts';
import type { Json, JsonObject } from '../../local/states/json.ts';
import { compileMachine } from '../../local/states/machine.ts';
import { Payload } from '../../local/states/payload.ts';
import { type ExecutionIdentity, runMachine } from '../../local/states/run-machine.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { logDifference } from './logged-events.ts';
import { Matcher } from './matches.ts';
import { ReplayEnvironment } from './replay-environment.ts';
import { skippingClock } from './skipping-clock.ts';

/** How one case came out. */
export interface ExecutionVerdict {
  /** Status, output, error and cause are as recorded; else what is not. */
  readonly outcome: true | string;
  /** The types of events are as recorded, in order; undefined where the recording has none. */
  readonly history?: true | string;
  /** The whole events are as recorded, and what was logged, ids of preceding events aside. */
  readonly details?: true | string;
}

/** Runs the case's machine in the world of its recording. */
export async function executionCase(recorded: ConformanceCase): Promise<ExecutionVerdict> {
  const clock = skippingClock(Date.parse('2026-11-21T02:57:25Z'));
  const identity = identityOf(recorded, clock.now());
  const environment = new ReplayEnvironment(recorded, identity, clock);
  const matcher = new Matcher(recorded.wildcards);
  const machine = compileMachine(recorded.definition ?? JSON.parse(recorded.definitionText!));
  const input = Payload.parse(inputText(recorded));
  const run = runMachine(machine, input, identity, environment, { signal: new AbortController().signal });
  const outcome = await clock.run(run);
  const expect = asItEnded(recorded.expect);
  const got: JsonObject = { status: outcome.status };
  if (outcome.status === 'SUCCEEDED') got.output = outcome.output.text;
  else Object.assign(got, { error: outcome.error, cause: outcome.cause });
  const events = environment.events.map((event) => JSON.parse(JSON.stringify(showEvent(event, true))));
  const compared = compareHistory(expect, events, matcher);
  const logged = logDifference(recorded, environment.events, matcher);
  return {
    outcome: compareOutcome(expect, got, matcher),
    ...compared,
    ...(logged === undefined || compared.details !== true ? {} : { details: logged }),
  };
}

/** Who ran: an express execution's ARN is in what was answered, and the role in history is the one that ran. */
function identityOf(recorded: ConformanceCase, startTime: number): ExecutionIdentity {
  const { expect } = recorded;
  const machineName = recorded.machineName ?? expect.response?.stateMachineArn?.split(':').at(-1) ?? 'machine';
  const arn =
    recorded.execution?.arn ??
    expect.response?.executionArn ??
    expect.endEvent?.execution_arn ??
    `arn:aws:states:us-east-1:111111111111:execution:${machineName}:execution`;
  const started = orderedEvents(expect)[0]?.executionStartedEventDetails;
  const [, , , region, account, , , name] = arn.split(':');
  return {
    arn,
    name: recorded.execution?.name ?? name,
    roleArn: started?.roleArn ?? recorded.execution?.roleArn ?? expect.output?.query_values_1?.execution_rolearn ?? '',
    startTime,
    machineArn: `arn:aws:states:${region}:${account}:stateMachine:${machineName}`,
    machineName,
    redriveCount: recorded.type === 'EXPRESS' ? undefined : 0,
  };
}

/** A history that was asked for in reverse, the right way round. */
function orderedEvents(expect: JsonObject): JsonObject[] {
  const events: JsonObject[] = expect.events ?? [];
  const reversed = events.at(-1)?.type === 'ExecutionStarted' && events.length > 1;
  return reversed ? [...events].reverse() : events;
}

/** The input as text: history shows it as it was sent. */
function inputText(recorded: ConformanceCase): string {
  const started = orderedEvents(recorded.expect)[0]?.executionStartedEventDetails?.input;
  const value = recorded.input === undefined ? {} : recorded.input;
  return typeof started === 'string' ? started : JSON.stringify(value);
}

/** Of a reversed history the converter took the first event for the end. */
function asItEnded(expect: JsonObject): JsonObject {
  if (expect.status !== 'RUNNING') return expect;
  const succeeded = orderedEvents(expect).at(-1)?.executionSucceededEventDetails;
  return succeeded ? { ...expect, status: 'SUCCEEDED', output: succeeded.output } : expect;
}

function compareOutcome(expect: JsonObject, got: JsonObject, matcher: Matcher): true | string {
  if (expect.status !== undefined && expect.status !== got.status) {
    return `status: recorded ${expect.status}, got ${got.status} (${got.error}: ${got.cause})`;
  }
  if (expect.outputText !== undefined)
    return matcher.matches(expect.outputText, got.output) || `output: recorded ${expect.outputText}, got ${got.output}`;
  if (got.status === 'SUCCEEDED') {
    if (!('output' in expect)) return true;
    return matcher.difference(expect.output, JSON.parse(got.output), 'output') ?? true;
  }
  for (const member of ['error', 'cause']) {
    const different = matcher.difference(expect[member] ?? null, got[member] ?? null, member);
    if (different !== undefined) return different;
  }
  return true;
}

function compareHistory(expect: JsonObject, events: JsonObject[], matcher: Matcher): Partial<ExecutionVerdict> {
  const recorded = orderedEvents(expect);
  if (!expect.eventOrder || recorded.length === 0) return {};
  return expect.eventOrder === 'recorded' ? inOrder(recorded, events, matcher) : asBag(recorded, events, matcher);
}

function inOrder(recorded: JsonObject[], events: JsonObject[], matcher: Matcher): Partial<ExecutionVerdict> {
  const types = (list: JsonObject[]) => list.map((event) => event.type);
  const history =
    matcher.difference(types(recorded), types(events), 'events') === undefined ||
    `events: recorded ${types(recorded).join(' ')}, got ${types(events).join(' ')}`;
  if (history !== true) return { history, details: 'the events differ' };
  for (const [index, event] of recorded.entries()) {
    const different = matcher.difference(comparable(event), comparable(events[index]!), `event ${event.id}`);
    if (different !== undefined) return { history, details: different };
  }
  return { history, details: true };
}

/** Ids were lost by sorting, and so was ParallelStateSucceeded. */
function asBag(recorded: JsonObject[], events: JsonObject[], matcher: Matcher): Partial<ExecutionVerdict> {
  const left = events.filter(
    (event) => event.type !== 'ParallelStateSucceeded' && event.type !== 'ParallelStateFailed',
  );
  const wanted = recorded.filter((event) => event.type !== 'ParallelStateFailed');
  const bag = (list: JsonObject[]) =>
    list
      .map((event) => event.type)
      .sort()
      .join(' ');
  const history = bag(wanted) === bag(left) || `events: recorded ${bag(wanted)}, got ${bag(left)}`;
  for (const event of wanted) {
    const index = left.findIndex(
      (other) => event.type === other.type && matcher.matches(comparable(event), comparable(other)),
    );
    if (index < 0) return { history, details: `no such event: ${JSON.stringify(comparable(event)).slice(0, 300)}` };
    left.splice(index, 1);
  }
  return { history, details: true };
}

/** Which event is said to precede differs between recordings of different years. */
function comparable({ id: _id, previousEventId: _previous, timestamp: _timestamp, ...rest }: JsonObject): Json {
  return rest;
}
