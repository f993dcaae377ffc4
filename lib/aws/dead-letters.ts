import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  paginateListQueues,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { translateFailure } from './translate-failure.ts';

/** A dead-letter queue of the platform, and the queue whose messages it takes. */
export interface DeadLetterQueue {
  /** For people: `trigger`, or the pipeline and its group of stages, e.g. `flights/worker`. */
  readonly name: string;
  readonly url: string;
  readonly sourceUrl: string;
  /** About as many as there are. */
  readonly messages: number;
}

/** A message that was given up. */
export interface DeadLetter {
  readonly id: string;
  /** Milliseconds since the epoch, when it was sent first. */
  readonly sentAt: number;
  readonly body: string;
  /** Text attributes, by name. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Lets it be given back or dropped for as long as it stays hidden. */
  readonly receipt: string;
}

/** While somebody works on a message nobody else sees it. Thousands take minutes to be taken one by one. */
const hiddenSeconds = 600;

/** ListQueues names no more than this, and tells of further ones only where it is asked for so many. */
const queuesAtOnce = 1000;

/** The dead-letter queues of a platform, by name: those that a queue of one of its stacks names as its own. */
export async function deadLetterQueues(client: SQSClient, platform: string): Promise<readonly DeadLetterQueue[]> {
  const urls = new Map<string, string>();
  const pages = paginateListQueues({ client, pageSize: queuesAtOnce }, { QueueNamePrefix: `${platform}-` });
  for await (const { QueueUrls = [] } of pages)
    for (const url of QueueUrls) urls.set(url.slice(url.lastIndexOf('/') + 1), url);
  const found: DeadLetterQueue[] = [];
  for (const sourceUrl of urls.values()) {
    const { RedrivePolicy } = await attributesOf(client, sourceUrl);
    if (!RedrivePolicy) continue;
    const arn: string = JSON.parse(RedrivePolicy).deadLetterTargetArn;
    const url = urls.get(arn.slice(arn.lastIndexOf(':') + 1));
    if (url === undefined) continue;
    const { ApproximateNumberOfMessages = '0' } = await attributesOf(client, url);
    found.push({ name: nameOf(platform, url), url, sourceUrl, messages: Number(ApproximateNumberOfMessages) });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

export interface TakeOptions {
  /** So many at most. */
  readonly limit: number;
  /** Enough once these are there. Default: all there are. */
  readonly ids?: readonly string[];
}

/** Takes messages, oldest first, and hides them from others for ten minutes. */
export async function takeDeadLetters(
  client: SQSClient,
  url: string,
  { limit, ids }: TakeOptions,
): Promise<readonly DeadLetter[]> {
  const found = new Map<string, DeadLetter>();
  while (found.size < limit && !ids?.every((id) => found.has(id))) {
    const command = new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: Math.min(10, limit - found.size),
      VisibilityTimeout: hiddenSeconds,
      // A short poll asks only some of the servers, and may find nothing where there is something.
      WaitTimeSeconds: 1,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['SentTimestamp'],
    });
    const { Messages = [] } = await translateFailure('sqs:ReceiveMessage', () => client.send(command));
    // What was taken first comes back where that takes too long.
    if (Messages.every(({ MessageId }) => found.has(MessageId!))) break;
    for (const message of Messages) found.set(message.MessageId!, letterOf(message));
  }
  return [...found.values()].sort((a, b) => a.sentAt - b.sentAt);
}

/** What SQS says of a message that is hidden no longer, or hidden by somebody else, or gone. */
const notHeld = /MessageNotInflight|ReceiptHandleIsInvalid|InvalidParameterValue/;

/** Lets others see a message again. */
export async function giveBack(client: SQSClient, url: string, { receipt }: DeadLetter): Promise<void> {
  const command = new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: receipt, VisibilityTimeout: 0 });
  await translateFailure('sqs:ChangeMessageVisibility', async () => {
    try {
      await client.send(command);
    } catch (error) {
      if (!notHeld.test((error as Error).name)) throw error;
    }
  });
}

/** Takes a message out of its queue for good. */
export async function dropDeadLetter(client: SQSClient, url: string, { receipt }: DeadLetter): Promise<void> {
  const command = new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt });
  await translateFailure('sqs:DeleteMessage', () => client.send(command));
}

async function attributesOf(client: SQSClient, QueueUrl: string): Promise<Readonly<Record<string, string>>> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  return (await translateFailure('sqs:GetQueueAttributes', () => client.send(command))).Attributes ?? {};
}

function letterOf({ MessageId, Body, Attributes, MessageAttributes, ReceiptHandle }: Message): DeadLetter {
  const attributes = Object.entries(MessageAttributes ?? {}).map(([name, { StringValue = '' }]) => [name, StringValue]);
  return {
    id: MessageId!,
    sentAt: Number(Attributes?.SentTimestamp ?? 0),
    body: Body ?? '',
    attributes: Object.fromEntries(attributes),
    receipt: ReceiptHandle!,
  };
}

/** CloudFormation names a queue by its stack and its place there; one that it had to cut keeps the name it has. */
function nameOf(platform: string, url: string): string {
  const whole = url.slice(url.lastIndexOf('/') + 1);
  const [, pipeline, group] =
    /^-(?:(.+)-)?([A-Z][A-Za-z]*?\d*)BufferDeadLetters/.exec(whole.slice(platform.length)) ?? [];
  if (group === undefined) return whole;
  return pipeline === undefined ? group.toLowerCase() : `${pipeline}/${group.toLowerCase()}`;
}
