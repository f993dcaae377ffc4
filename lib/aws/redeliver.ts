import { type EventBridgeClient, ListTargetsByRuleCommand, type Target } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { InputMissingError } from '../core/errors/input-missing-error.ts';
import type { DeadLetter, DeadLetterQueue } from './dead-letters.ts';
import { translateFailure } from './translate-failure.ts';

export interface RedeliveryClients {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly sfn: SFNClient;
  readonly events: EventBridgeClient;
}

/**
 * Hands a dead letter to whom it was meant for: a queue's message to that queue, an event that a rule could not deliver
 * to the rule's target, a call that failed to its function. All of these take the same thing twice without harm.
 */
export async function redeliver(clients: RedeliveryClients, queue: DeadLetterQueue, letter: DeadLetter): Promise<void> {
  const rule = letter.attributes.RULE_ARN;
  if (rule !== undefined) return redeliverEvent(clients, queue, { rule, letter });
  const call = failedCall(letter);
  if (call) return invoke(clients, call.function, call.payload);
  await send(clients, queue.sourceUrl, letter.body);
}

/** What Lambda tells of an asynchronous call that it gave up. Undefined where the letter is something else. */
export function failedCall({ body }: DeadLetter) {
  const { requestContext, requestPayload, responsePayload } = parsed(body);
  if (typeof requestContext?.functionArn !== 'string') return undefined;
  return { function: requestContext.functionArn as string, payload: requestPayload, answer: responsePayload };
}

async function redeliverEvent(
  clients: RedeliveryClients,
  queue: DeadLetterQueue,
  { rule, letter }: { readonly rule: string; readonly letter: DeadLetter },
): Promise<void> {
  // A rule of another bus than the default one has the name of that before its own.
  const [name = '', EventBusName] = rule.split('/').slice(1).reverse();
  const command = new ListTargetsByRuleCommand({ Rule: name, EventBusName });
  const { Targets = [] } = await translateFailure('events:ListTargetsByRule', () => clients.events.send(command));
  const target = Targets.find(({ Arn }) => Arn === letter.attributes.TARGET_ARN);
  if (!target)
    throw new InputMissingError({
      problem: `the rule "${name}" has no such target any more`,
      received: letter.attributes.TARGET_ARN,
      change: 'drop the message; what the rule has as targets now gets new events',
    });
  const input = targetInput(target, letter.body);
  if (target.Arn!.includes(':lambda:')) return invoke(clients, target.Arn!, JSON.parse(input));
  if (target.Arn!.includes(':states:')) return start(clients, target.Arn!, input);
  await send(clients, queue.sourceUrl, input);
}

/** What the rule makes of an event for its target: a path of it, or a template with bare placeholders. */
export function targetInput({ InputPath, InputTransformer }: Target, body: string): string {
  const event = parsed(body);
  if (InputPath !== undefined) return JSON.stringify(valueAt(event, InputPath));
  if (!InputTransformer) return body;
  const { InputPathsMap = {}, InputTemplate = '' } = InputTransformer;
  return InputTemplate.replace(/<(\w+)>/g, (_, name: string) => JSON.stringify(valueAt(event, InputPathsMap[name]!)));
}

function valueAt(event: any, path: string): unknown {
  const steps = path.split('.').slice(1);
  return steps.reduce((value, step) => value?.[step], event) ?? null;
}

async function send({ sqs }: RedeliveryClients, QueueUrl: string, MessageBody: string): Promise<void> {
  await translateFailure('sqs:SendMessage', () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody })));
}

async function invoke({ lambda }: RedeliveryClients, FunctionName: string, payload: unknown): Promise<void> {
  const command = new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(payload) });
  await translateFailure('lambda:Invoke', () => lambda.send(command));
}

async function start({ sfn }: RedeliveryClients, stateMachineArn: string, input: string): Promise<void> {
  const command = new StartExecutionCommand({ stateMachineArn, input });
  await translateFailure('states:StartExecution', () => sfn.send(command));
}

/** A message that is not JSON is one that was sent by hand. */
function parsed(body: string): any {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}
