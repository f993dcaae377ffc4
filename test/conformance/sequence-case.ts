import { isObject, type Json, type JsonObject } from '../../local/states/json.ts';
import { ApiCloud } from './api-cloud.ts';
import type { ConformanceCase, RecordedSequence, SequenceStep } from './conformance-case.ts';
import { Matcher } from './matches.ts';
import { type Answer, answerDifference } from './recorded-answer.ts';
import { SequenceNames } from './sequence-names.ts';

/** What was not as recorded, by the key of the snapshot. */
export type SequenceVerdict = ReadonlyMap<string, true | string>;

/** Makes a sequence of calls and compares what the recording kept of the answers. */
export async function sequenceCase(
  sequence: RecordedSequence,
  lambdas: ConformanceCase['lambdas'],
): Promise<SequenceVerdict> {
  const api = await ApiCloud.start({ lambdas, expect: {} });
  try {
    const logged: JsonObject[] = [];
    const answers = await answersTo(sequence, api, logged);
    const matcher = new Matcher(placeholdersIn(sequence));
    return new Map(
      sequence.snapshots
        .filter(({ ofCalls }) => ofCalls.length > 0)
        .map(({ key, ofCalls, expect }) => [
          key,
          isLogEvent(expect) ? judgeLog(expect, logged, matcher) : judge(expect, ofCalls, answers, matcher),
        ]),
    );
  } finally {
    await api.close();
  }
}

async function answersTo(
  { steps }: RecordedSequence,
  api: ApiCloud,
  logged: JsonObject[],
): Promise<Map<number, Answer>> {
  const answers = new Map<number, Answer>();
  const names = new SequenceNames(steps, answers);
  const executions = new Set<string>();
  for (const step of steps) {
    if (reads(step)) {
      await api.settle(executions);
      // What is written to logs, and by express executions, comes a little later.
      await api.pass(1000);
    }
    if (step.op === 'delete_log_group') logged.push(...(await eventsIn(step.params.logGroupName, api)));
    const answer = await api.call(step.service, step.op, names.paramsOf(step));
    answers.set(step.call, answer);
    const arn = 'response' in answer && step.op === 'start_execution' && answer.response.executionArn;
    if (typeof arn === 'string' && arn.includes(':execution:')) executions.add(arn);
  }
  return answers;
}

/** The recording waited for what it asked about. */
const reads = ({ op }: SequenceStep) =>
  /^(describe_(execution|map_run)|get_execution_history|list_(executions|map_runs))$/.test(op);

async function eventsIn(logGroupName: string, api: ApiCloud): Promise<JsonObject[]> {
  await api.pass(1000);
  const answer = await api.call('logs', 'filter_log_events', { logGroupName });
  return 'response' in answer ? answer.response.events.map(({ message }: JsonObject) => JSON.parse(message)) : [];
}

/** What an execution logged stands among the answers where the recording read it from the log group. */
const isLogEvent = (expect: Json) => isObject(expect) && 'event_timestamp' in expect && 'execution_arn' in expect;

function judgeLog(expect: JsonObject, logged: readonly JsonObject[], matcher: Matcher): true | string {
  const own = logged.find(({ id }) => id === expect.id);
  return own ? (matcher.difference(expect, own, 'log') ?? true) : `no event ${expect.id} in the log`;
}

/** A snapshot of more than one call is of the last one that answered so: the test asked until it was content. */
function judge(
  expect: JsonObject,
  ofCalls: readonly number[],
  answers: ReadonlyMap<number, Answer>,
  matcher: Matcher,
): true | string {
  let different: string | undefined;
  for (const call of ofCalls) {
    const answer = answers.get(call);
    different = answer ? answerDifference(expect, answer, matcher) : `no call ${call}`;
    if (different === undefined) return true;
  }
  return different!;
}

/** Everything in angle brackets stands for what differs each time, and so does the second half of an express name. */
function placeholdersIn({ snapshots }: RecordedSequence): string[] {
  const found = new Set(['timestamp']);
  const look = (value: Json): void => {
    if (typeof value === 'string')
      for (const [name] of value.matchAll(/<[\w:-]+>|(?:ex2|sync2)-\d{4}/g)) found.add(name);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look);
  };
  for (const { expect } of snapshots) look(expect);
  return [...found];
}
