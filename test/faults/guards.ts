import type { InterceptedCall } from '../../local/cloud.ts';

type Call = Pick<InterceptedCall, 'service' | 'operation' | 'input'>;

/** Something that keeps runs apart, or a row from coming twice, and that a test takes away. */
export interface Guard {
  readonly name: string;
  /** Makes a call as it would be made if the guard were not there. */
  without(call: Call, run: () => Promise<any>): Promise<any>;
}

/** Always true of an item, whether it exists or not. */
const always = 'attribute_exists(pk) OR attribute_not_exists(pk)';

/** Takes the condition off writes of items whose sort key, or partition key, begins so. */
function condition(
  name: string,
  about: RegExp,
  operation = /^(PutItem|UpdateItem|DeleteItem|TransactWriteItems)$/,
): Guard {
  const open = (part: any) => {
    const key = part?.Key ?? part?.Item;
    if (!part?.ConditionExpression || !about.test(`${key?.pk?.S} ${key?.sk?.S}`)) return;
    part.ConditionExpression = `(${part.ConditionExpression}) OR ${always}`;
  };
  return {
    name,
    without({ service, operation: called, input }, run) {
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
    without({ service, operation, input }, run) {
      if (`${service}:${operation}` === wanted) change(input);
      return run();
    },
  };
}

/** Answers calls of one kind as if they had been made. */
function omitted(name: string, is: (call: Call) => boolean): Guard {
  return { name, without: (call, run) => (is(call) ? Promise.resolve({}) : run()) };
}

let names = 0;

/** What the safety of runs rests on, each to be taken away by itself. */
export const guards: readonly Guard[] = [
  condition('a run changes its state only from the states that it may', /^RUN#\S+ RUN$/, /^UpdateItem$/),
  condition('a file is claimed by one run', /^PIPELINE#/, /^TransactWriteItems$/),
  condition('only a run that may publish claims and commits', /^RUN#\S+ RUN$/, /^TransactWriteItems$/),
  condition('a lease is taken while there is one', /^LEASE#/),
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

/** A chunk's data is stored when its ledger entry has been: a worker that dies between them has told of what is not there. */
function ledgerFirst(): Guard {
  let late: (() => Promise<any>)[] = [];
  return {
    name: 'data before ledger',
    async without({ service, operation, input }, run) {
      const data = service === 's3' && operation === 'PutObject' && /^(curated|staged)\/.*\.parquet$/.test(input.Key);
      if (data) {
        late.push(run);
        return { ETag: '""' };
      }
      const answer = await run();
      if (operation !== 'SendTaskSuccess') return answer;
      for (const write of late) await write();
      late = [];
      return answer;
    },
  };
}

/** Messages are gone as soon as somebody has them: who dies over one has lost it. */
function deletedAtReceipt(): Guard {
  return {
    name: 'a message is deleted when it has been dealt with',
    async without(call, run) {
      const { service, operation, input } = call;
      const answer = await run();
      if (service !== 'sqs' || operation !== 'ReceiveMessage') return answer;
      const { follow } = call as InterceptedCall;
      for (const { ReceiptHandle } of answer.Messages ?? [])
        await follow('DeleteMessage', { QueueUrl: input.QueueUrl, ReceiptHandle });
      return answer;
    },
  };
}
