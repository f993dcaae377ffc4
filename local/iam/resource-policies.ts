import { AwsError, NotSupportedError } from '../aws-error.ts';
import type { Cloud, Principal } from '../service.ts';
import { malformed, malformedPolicy } from './malformed-policy.ts';
import { type Policy, readPolicy } from './policy.ts';

type Ask = (operation: string, input: object) => Promise<any>;

interface PolicyKeeper {
  /** The part of an ARN that has a policy of its own: an object has that of its bucket. */
  owner(arn: string): string;
  /** The policy document, or undefined where there is none. */
  read(ask: Ask, owner: string): Promise<string | undefined>;
  /** Operations that change policies, and the document that each brings. */
  readonly changes: Readonly<Record<string, (input: any) => string | undefined>>;
  /** What the service calls a document that is refused. Default: as IAM does. */
  readonly refusal?: string;
}

const name = (arn: string) => arn.split(':').slice(5).join(':');
const none = () => undefined;

/** The services whose resources have policies, by signing name. */
const keepers: Readonly<Record<string, PolicyKeeper>> = {
  s3: {
    refusal: 'MalformedPolicy',
    owner: (arn) => arn.split('/')[0]!,
    read: async (ask, owner) => (await ask('GetBucketPolicy', { Bucket: name(owner) }))?.Policy,
    changes: {
      PutBucketPolicy: ({ Policy }) => Policy,
      DeleteBucketPolicy: none,
      DeleteBucket: none,
      CreateBucket: none,
    },
  },
  sqs: {
    refusal: 'InvalidAttributeValue',
    owner: (arn) => arn,
    async read(ask, owner) {
      const found = await ask('GetQueueUrl', { QueueName: name(owner) });
      if (!found) return undefined;
      return (await ask('GetQueueAttributes', { ...found, AttributeNames: ['Policy'] }))?.Attributes?.Policy;
    },
    changes: {
      CreateQueue: ({ Attributes }) => Attributes?.Policy,
      SetQueueAttributes: ({ Attributes }) => Attributes?.Policy,
      AddPermission: none,
      RemovePermission: none,
      DeleteQueue: none,
    },
  },
  sns: {
    refusal: 'InvalidParameter',
    owner: (arn) => arn,
    read: async (ask, TopicArn) => (await ask('GetTopicAttributes', { TopicArn }))?.Attributes?.Policy,
    changes: {
      CreateTopic: ({ Attributes }) => Attributes?.Policy,
      SetTopicAttributes: ({ AttributeName, AttributeValue }) =>
        AttributeName === 'Policy' ? AttributeValue : undefined,
      AddPermission: none,
      RemovePermission: none,
      DeleteTopic: none,
    },
  },
  lambda: {
    owner: (arn) => arn,
    async read(ask, owner) {
      const [, FunctionName, Qualifier] = name(owner).split(':');
      return (await ask('GetPolicy', { FunctionName, Qualifier }))?.Policy;
    },
    changes: { AddPermission: none, RemovePermission: none, DeleteFunction: none, CreateFunction: none },
  },
  events: {
    refusal: 'ValidationException',
    owner: (arn) => arn,
    async read(ask, owner) {
      const [kind, bus] = name(owner).split('/');
      return kind === 'event-bus' ? (await ask('DescribeEventBus', { Name: bus }))?.Policy : undefined;
    },
    changes: {
      PutPermission: ({ Policy }) => Policy,
      RemovePermission: none,
      CreateEventBus: none,
      DeleteEventBus: none,
    },
  },
  logs: {
    refusal: 'InvalidParameterException',
    // The policies of an account speak of all of its groups.
    owner: (arn) => arn.split(':').slice(0, 5).join(':'),
    async read(ask) {
      const documents: any[] = ((await ask('DescribeResourcePolicies', { limit: 50 }))?.resourcePolicies ?? []).map(
        ({ policyDocument }: any) => JSON.parse(policyDocument),
      );
      const Statement = documents.flatMap((document) => document.Statement);
      return Statement.length > 0 ? JSON.stringify({ Version: '2012-10-17', Statement }) : undefined;
    },
    changes: { PutResourcePolicy: ({ policyDocument }) => policyDocument, DeleteResourcePolicy: none },
  },
  kms: {
    refusal: 'MalformedPolicyDocumentException',
    owner: (arn) => arn,
    read: async (ask, owner) => (await ask('GetKeyPolicy', { KeyId: owner, PolicyName: 'default' }))?.Policy,
    changes: { CreateKey: ({ Policy }) => Policy, PutKeyPolicy: ({ Policy }) => Policy, ScheduleKeyDeletion: none },
  },
};

const absent = /NotFound|NoSuch|NonExistent|DoesNotExist/;

/** The policies of buckets, queues, topics, functions, buses and keys, as their services keep them. */
export class ResourcePolicies {
  readonly #cloud: Pick<Cloud, 'call'>;
  readonly #asker: Principal;
  readonly #known = new Map<string, Promise<Policy | undefined>>();

  constructor(cloud: Pick<Cloud, 'call'>, asker: Principal) {
    this.#cloud = cloud;
    this.#asker = asker;
  }

  /** The policy that speaks of `arn`; undefined where there is none, or the service has no such policies. */
  of(arn: string): Promise<Policy | undefined> | undefined {
    const service = arn.split(':', 3)[2]!;
    const keeper = keepers[service];
    if (!keeper) return undefined;
    const owner = keeper.owner(arn);
    let policy = this.#known.get(owner);
    if (!policy) {
      policy = this.#read(service, keeper, owner);
      this.#known.set(owner, policy);
    }
    return policy;
  }

  /** To be told of every call before it is made: a document that local IAM does not understand is refused. */
  check(service: string, operation: string, input: any): void {
    const keeper = keepers[service];
    const document = keeper?.changes[operation]?.(input);
    if (!document) return;
    try {
      if (typeof document !== 'string') throw malformedPolicy('it is not text', document);
      readPolicy(document, 'resource');
    } catch (error) {
      const renamed = error instanceof AwsError && error.code === malformed && keeper?.refusal;
      throw renamed ? new AwsError(renamed, error.message) : error;
    }
  }

  /** To be told of every call that was made, so that changed policies are read anew. */
  noteChange(service: string, operation: string): void {
    if (!keepers[service]?.changes[operation]) return;
    for (const arn of this.#known.keys()) if (arn.split(':', 3)[2] === service) this.#known.delete(arn);
  }

  async #read(service: string, keeper: PolicyKeeper, owner: string): Promise<Policy | undefined> {
    const ask: Ask = async (operation, input) => {
      try {
        return await this.#cloud.call(service, operation, input, this.#asker);
      } catch (error) {
        // A service without the operation has no such policies; a resource that is gone has none either.
        if (error instanceof NotSupportedError || (error instanceof AwsError && absent.test(error.code)))
          return undefined;
        throw error;
      }
    };
    const document = await keeper.read(ask, owner);
    return document ? readPolicy(document, 'resource') : undefined;
  }
}
