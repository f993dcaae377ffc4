import { altered, condition, type Guard, omitted, orAlways, orThere, rewritten } from './taken-away.ts';

export type { Guard };

let names = 0;

/** What the safety of runs rests on, each to be taken away by itself. */
export const guards: readonly Guard[] = [
  condition('a run changes its state only from the states that it may', {
    about: /^RUN#\S+ RUN$/,
    write: 'Update',
  }),
  condition('a run is made once', { about: /^RUN#\S+ RUN$/, write: 'Put' }),
  condition('the ledger entry of a chunk is written once', { about: /^RUN#\S+ LEDGER#/ }),
  condition('what a run tells is told once', { about: /^RUN#\S+ EVENT#/ }),
  condition('one person looks after a run', { about: /^RUN#\S+ ACKNOWLEDGED$/ }),
  condition('a file is claimed by one run', { about: /^PIPELINE#/, write: 'Put' }),
  condition('a run gives back only the files that it has claimed itself', {
    about: /^PIPELINE#/,
    write: 'Delete',
  }),
  condition('only a run that may publish claims and commits', {
    about: /^RUN#\S+ RUN$/,
    write: 'ConditionCheck',
    says: /:completing/,
  }),
  condition('only a run that begins or goes on takes leases', {
    about: /^RUN#\S+ RUN$/,
    write: 'ConditionCheck',
    says: /:from0/,
  }),
  condition('an export moves on from the version that was read', { about: /^TABLE#.* POINTER$/ }),
  condition('a lease is taken while there is one', {
    about: /^LEASE#/,
    says: /size\(holders\)|not_exists\(pk\)/,
    or: orThere,
  }),
  condition('a lease expires for the taking that was looked at', { about: /^LEASE#/, says: /^holders\.#run = :fence/ }),
  condition('what becomes of a file is decided once', { about: /^ARRIVAL#/ }),
  condition('a file joins a batch that is open', { about: /^BATCH#/ }),
  condition('times of a schedule are looked at once', { about: /^STATE#\S+ SCHEDULE#/ }),
  condition('a pipeline changes its state only from the states that it may', {
    about: /^STATE#\S+ STATE$/,
    write: 'Update',
  }),
  condition('a trigger waits only while its pipeline is paused', {
    about: /^STATE#\S+ STATE$/,
    write: 'ConditionCheck',
  }),
  condition('a circuit changes from the state that was read', { about: /^CIRCUIT / }),
  condition('one execution tells people of an incident', { about: /^ESCALATION#/ }),
  condition('backfills of a pipeline are opened one after the other', { about: /^BACKFILLS#\S+ OPENINGS$/ }),
  condition('a backfill ends once', { about: /^BACKFILLS#\S+ ID#/, write: 'Update' }),
  condition('a failure is counted once', { about: /^ERROR#/ }),
  condition('a pattern of failures is as wide as they are', { about: /^ERRORS PATTERN#/ }),
  decidedOnce(),
  oldNews(),
  altered('an object is written once', 's3:PutObject', (input) => {
    delete input.IfNoneMatch;
  }),
  altered('a table moves on from the version that was read', 'glue:UpdateTable', (input) => {
    delete input.VersionId;
  }),
  altered('a merge moves on from the version that it has read', 'glue:UpdateTable', (input) => {
    if (input.TableInput.Name.startsWith('merged_')) delete input.VersionId;
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
  answerFirst(),
  deletedAtReceipt(),
  lateIsNew(),
  ownNames(),
  publishedUnknown(),
];

/** The first decision of a review is the one that counts. */
function decidedOnce(): Guard {
  return rewritten('a review is decided once', ({ kind, input }) => {
    if (kind === 'Update' && input.ExpressionAttributeValues?.[':phase']?.S === 'Decided')
      input.ConditionExpression += orAlways;
  });
}

/** A run remembers how often it was redriven, and so knows news of an attempt that is over. */
function oldNews(): Guard {
  return rewritten('news of an attempt before a redrive is old', ({ kind, input }) => {
    const names = Object.entries<string>(kind === 'Update' ? (input.ExpressionAttributeNames ?? {}) : {});
    const [name] = names.find(([, attribute]) => attribute === 'redrives') ?? [];
    if (name && input.ExpressionAttributeValues[`:${name.slice(1)}`])
      input.ExpressionAttributeValues[`:${name.slice(1)}`] = { N: '0' };
  });
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

/** A worker answers before its ledger entry is written: one that dies between them has told of a chunk that nobody finds. */
function answerFirst(): Guard {
  return {
    name: 'ledger before answer',
    takenAway() {
      const late = new Map<unknown, () => Promise<any>>();
      const answered = new Set<unknown>();
      return async ({ operation, input, principal: { arn, process } }, run) => {
        if (operation === 'PutItem' && input.Item.sk.S.startsWith('LEDGER#') && /-worker$/.test(arn)) {
          late.set(process, run);
          return {};
        }
        // By what the process does next: what it has not written then dies with it.
        const write = answered.delete(process) ? late.get(process) : undefined;
        if (operation === 'SendTaskSuccess') answered.add(process);
        if (write) late.delete(process);
        await write?.();
        return run();
      };
    },
  };
}

/** Events of a file are told in the order in which they come, and not in that in which the file was written. */
function lateIsNew(): Guard {
  return {
    name: 'an event of a file says which version is newer',
    takenAway() {
      let told = 0;
      return ({ operation, input }, run) => {
        if (operation === 'ServiceEvent' && input['detail-type'] === 'Object Created')
          input.detail.object.sequencer = String(told++).padStart(16, '0');
        return run();
      };
    },
  };
}

/** Two lines of defence, of which each does: names that nobody else gives, and a condition for the case that somebody did. */
function ownNames(): Guard {
  return rewritten('an entry of the audit has a name of its own, and is never written over', ({ input }) => {
    if (!input.Item?.pk.S.startsWith('AUDIT#')) return;
    const [time] = input.Item.sk.S.split('#');
    input.Item.sk = { S: time };
    delete input.ConditionExpression;
  });
}

/** Two lines of defence, of which each does: a run looks for what it has published, and a condition looks once more. */
function publishedUnknown(): Guard {
  const { takenAway } = condition('', { about: /^TABLE#.* RUN#/ });
  return {
    name: 'a run publishes a table once',
    takenAway() {
      const open = takenAway();
      return (call, run) => {
        const { operation, input } = call;
        const looks = operation === 'GetItem' && /^TABLE#/.test(input.Key.pk.S) && /^RUN#/.test(input.Key.sk.S);
        return looks ? Promise.resolve({}) : open(call, run);
      };
    },
  };
}
