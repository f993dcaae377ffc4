import type { JsonObject } from '../../local/states/json.ts';
import { ApiCloud } from './api-cloud.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { Matcher } from './matches.ts';

const queueArn = 'arn:aws:sqs:us-east-1:111111111111:recorder';

/** Runs a machine that puts events and compares those that come out of the bus. */
export async function emittedEventsCase(recorded: ConformanceCase): Promise<true | string> {
  const wanted: JsonObject[] = recorded.expect.events;
  const [machineArn, executionArn] = startedBy(wanted);
  const received: JsonObject[] = [];
  const api = await ApiCloud.start(recorded, async ({ MessageBody }) => {
    received.push(JSON.parse(MessageBody));
    return {};
  });
  try {
    await api.call('events', 'put_rule', {
      Name: 'recorder',
      EventPattern: JSON.stringify({ source: [...new Set(wanted.map(({ source }) => source))] }),
    });
    await api.call('events', 'put_targets', { Rule: 'recorder', Targets: [{ Id: 'recorder', Arn: queueArn }] });
    await api.call('stepfunctions', 'create_state_machine', {
      name: machineArn.split(':').at(-1),
      definition: JSON.stringify(recorded.definition),
      roleArn: 'arn:aws:iam::111111111111:role/test-sfn-role-0001abcd',
    });
    await api.call('stepfunctions', 'start_execution', {
      stateMachineArn: machineArn,
      name: executionArn.split(':').at(-1),
      input: JSON.stringify(recorded.input),
    });
    await api.settle([executionArn]);
    await api.pass(1000);
  } finally {
    await api.close();
  }
  // The recording read the queue until it had as many messages as entries, and so has one of them twice.
  const distinct = wanted.filter((event, index) => wanted.findIndex((other) => other.id === event.id) === index);
  return new Matcher(recorded.wildcards).difference(distinct, received, 'events') ?? true;
}

/** The machine and the execution: events that a machine puts name both, those on its status have them in their detail. */
function startedBy([first]: readonly JsonObject[]): [string, string] {
  const { detail, resources } = first!;
  if (detail.executionArn) return [detail.stateMachineArn, detail.executionArn];
  return resources.filter((arn: string) => arn.startsWith('arn:aws:states:')).slice(0, 2);
}
