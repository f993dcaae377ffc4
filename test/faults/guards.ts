import type { InterceptedCall } from '../../local/cloud.ts';

/** Something that keeps runs apart, or a row from coming twice, and that a test takes away. */
export interface Guard {
  readonly name: string;
  /** For one history: makes each call as it would be made if the guard were not there. */
  takenAway(): Without;
}

type Without = (call: InterceptedCall, run: () => Promise<any>) => Promise<any>;

type Call = Pick<InterceptedCall, 'service' | 'operation' | 'input'>;

/** Makes a condition true of each item, whether it exists or not. */
const orAlways = ' OR attribute_exists(pk) OR attribute_not_exists(pk)';

/** Takes the condition off writes of items whose sort key, or partition key, begins so. */
function condition(
  name: string,
  about: RegExp,
  operation = /^(PutItem|UpdateItem|DeleteItem|TransactWriteItems)$/,
): Guard {
  const open = (part: any) => {
    const key = part?.Key ?? part?.Item;
    if (!part?.ConditionExpression || !about.test(`${key?.pk?.S} ${key?.sk?.S}`)) return;
    part.ConditionExpression += orAlways;
  };
  return {
    name,
    takenAway: () => (call, run) => {
      const { service, operation: called, input } = call;
      if (service === 'dynamodb' && operation.test(called)) {
        open(input);
        for (const part of input.TransactItems ?? []) for (const member of Object.values(part)) open(member);
      }
      return run();
    },
  };
}

/** Changes the input of the calls of one operation. */
function altered(name: string, wanted: string, change: (input: any) => void): Guard {
  return {
    name,
    takenAway: () => (call, run) => {
      const { service, operation, input } = call;
      if (`${service}:${operation}` === wanted) change(input);
      return run();
    },
  };
}

/** Answers calls of one kind as if they had been made. */
function omitted(name: string, is: (call: Call) => boolean): Guard {
  return { name, takenAway: () => (call, run) => (is(call) ? Promise.resolve({}) : run()) };
}

let names = 0;

/** What the safety of runs rests on, each to be taken away by itself. */
export const guards: readonly Guard[] = [
  condition('a run changes its state only from the states that it may', /^RUN#\S+ RUN$/, /^UpdateItem$/),
  condition('a run is made once', /^RUN#\S+ RUN$/, /^PutItem$/),
  condition('a file is claimed by one run', /^PIPELINE#/, /^TransactWriteItems$/),
  condition('only a run that may publish claims and commits', /^RUN#\S+ RUN$/, /^TransactWriteItems$/),
  condition('a lease is taken while there is one', /^LEASE#/),
  condition('what becomes of a file is decided once', /^ARRIVAL#/, /^TransactWriteItems$/),
  condition('a file joins a batch that is open', /^BATCH#/, /^TransactWriteItems$/),
  condition('times of a schedule are looked at once', /^STATE#\S+ SCHEDULE#/, /^TransactWriteItems$/),
  condition('a circuit changes from the state that was read', /^CIRCUIT /),
  condition('one execution tells people of an incident', /^ESCALATION#/),
  decidedOnce(),
  oldNews(),
  altered('an object is written once', 's3:PutObject', (input) => {
    delete input.IfNoneMatch;
  }),
  altered('a table moves on from the version that was read', 'glue:UpdateTable', (input) => {
    delete input.VersionId;
  }),
  altered('the same trigger names the same run', 'states:StartExecution', (input) => {
    input.name = `${input.name.slice(0, 70)}-${names++}`;
  }),
  omitted(
    'a run that was undone gives its files back',
    ({ service, operation, input }) =>
      service === 'dynamodb' && operation === 'DeleteItem' && /^PIPELINE#/.test(input.Key?.pk?.S),
  ),
  omitted(
    'a run that has ended gives its lease back',
    ({ service, operation, input }) =>
      service === 'dynamodb' && operation === 'UpdateItem' && /^REMOVE holders/.test(input.UpdateExpression),
  ),
  omitted(
    'a begun commit is remembered',
    ({ service, operation, input }) =>
      service === 'dynamodb' && operation === 'TransactWriteItems' && JSON.stringify(input).includes('TABLE#'),
  ),
  ledgerFirst(),
  deletedAtReceipt(),
];

/** The first decision of a review is the one that counts. */
function decidedOnce(): Guard {
  return {
    name: 'a review is decided once',
    takenAway: () => (call, run) => {
      const { operation, input } = call;
      if (operation === 'UpdateItem' && input.ExpressionAttributeValues?.[':phase']?.S === 'Decided')
        input.ConditionExpression += orAlways;
      return run();
    },
  };
}

/** A run remembers how often it was redriven, and so knows news of an attempt that is over. */
function oldNews(): Guard {
  return {
    name: 'news of an attempt before a redrive is old',
    takenAway: () => (call, run) => {
      const { operation, input } = call;
      const names = Object.entries<string>(operation === 'UpdateItem' ? (input.ExpressionAttributeNames ?? {}) : {});
      const [name] = names.find(([, attribute]) => attribute === 'redrives') ?? [];
      if (name && input.ExpressionAttributeValues[`:${name.slice(1)}`])
        input.ExpressionAttributeValues[`:${name.slice(1)}`] = { N: '0' };
      return run();
    },
  };
}

/** A chunk's data is stored when its ledger entry has been: a worker that dies between them has told of what is not there. */
function ledgerFirst(): Guard {
  return {
    name: 'data before ledger',
    takenAway() {
      const late = new Map<unknown, (() => Promise<any>)[]>();
      return async ({ service, operation, input, principal }, run) => {
        // What a process has not written yet dies with it.
        const own = late.get(principal.process) ?? [];
        const isData =
          service === 's3' && operation === 'PutObject' && /^(curated|staged)\/.*\.parquet$/.test(input.Key);
        if (isData) {
          late.set(principal.process, [...own, run]);
          return { ETag: '"d41d8cd98f00b204e9800998ecf8427e"' };
        }
        // The worker tells the machine of its success when it has written the ledger.
        if (operation === 'SendTaskSuccess') {
          late.delete(principal.process);
          for (const write of own) await write();
        }
        return run();
      };
    },
  };
}

/** Messages are gone as soon as somebody has them: who dies over one has lost it. */
function deletedAtReceipt(): Guard {
  return {
    name: 'a message is deleted when it has been dealt with',
    takenAway: () => async (call, run) => {
      const answer = await run();
      if (call.service !== 'sqs' || call.operation !== 'ReceiveMessage') return answer;
      const { QueueUrl } = call.input;
      for (const { ReceiptHandle } of answer.Messages ?? [])
        await call.follow('DeleteMessage', { QueueUrl, ReceiptHandle });
      return answer;
    },
  };
}
