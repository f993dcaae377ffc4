import type { InterceptedCall } from '../../local/cloud.ts';

/** Something that keeps runs apart, or a row from coming twice, and that a test takes away. */
export interface Guard {
  readonly name: string;
  /** For one history: makes each call as it would be made if the guard were not there. */
  takenAway(): (call: InterceptedCall, run: () => Promise<any>) => Promise<any>;
}

type Call = Pick<InterceptedCall, 'service' | 'operation' | 'input'>;

/** Makes a condition true of each item, whether it exists or not. */
export const orAlways = ' OR attribute_exists(pk) OR attribute_not_exists(pk)';

/** Makes it true of each item that exists: a path into a map of one that does not is an error. */
export const orThere = ' OR attribute_exists(pk)';

export interface ConditionPlace {
  /** What the keys of the items look like: partition, a space, sort key. */
  readonly about: RegExp;
  /** Default: all that write. */
  readonly operation?: RegExp;
  /** What the condition says. Default: any. */
  readonly says?: RegExp;
  /** What it is made to say as well. Default: what is always true. */
  readonly or?: string;
}

const writes = /^(PutItem|UpdateItem|DeleteItem|TransactWriteItems)$/;

/** Takes conditions off writes of items. */
export function condition(
  name: string,
  { about, operation = writes, says = /./, or = orAlways }: ConditionPlace,
): Guard {
  const open = (part: any) => {
    const key = part?.Key ?? part?.Item;
    if (!says.test(part?.ConditionExpression ?? '') || !about.test(`${key?.pk?.S} ${key?.sk?.S}`)) return;
    part.ConditionExpression += or;
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
export function altered(name: string, wanted: string, change: (input: any) => void): Guard {
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
export function omitted(name: string, is: (call: Call) => boolean): Guard {
  return { name, takenAway: () => (call, run) => (is(call) ? Promise.resolve({}) : run()) };
}
