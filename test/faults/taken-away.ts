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
  /** Whether it comes alone or as a part of a transaction. Default: all of them. */
  readonly write?: Write['kind'];
  /** What the condition says. Default: any. */
  readonly says?: RegExp;
  /** What it is made to say as well. Default: what is always true. */
  readonly or?: string;
}

/** What is asked of one item. */
export interface Write {
  readonly kind: 'Put' | 'Update' | 'Delete' | 'ConditionCheck';
  readonly input: any;
}

/** The writes that a call makes: itself, or the parts of its transaction. */
export function writesOf({ service, operation, input }: Call): readonly Write[] {
  if (service !== 'dynamodb') return [];
  if (operation === 'TransactWriteItems')
    return input.TransactItems.flatMap((part: any) =>
      Object.entries(part).map(([kind, member]) => ({ kind, input: member })),
    );
  const kind = /^(Put|Update|Delete)Item$/.exec(operation)?.[1] as Write['kind'] | undefined;
  return kind ? [{ kind, input }] : [];
}

/** Changes each write, whether it comes alone or as a part of a transaction. */
export function rewritten(name: string, change: (write: Write) => void): Guard {
  return {
    name,
    takenAway: () => (call, run) => {
      for (const write of writesOf(call)) change(write);
      return run();
    },
  };
}

/** Takes conditions off writes of items. */
export function condition(name: string, { about, write, says = /./, or = orAlways }: ConditionPlace): Guard {
  return rewritten(name, ({ kind, input }) => {
    const { pk, sk } = input.Key ?? input.Item;
    const isIt = (write ?? kind) === kind && about.test(`${pk.S} ${sk?.S}`);
    if (isIt && says.test(input.ConditionExpression ?? '')) input.ConditionExpression += or;
  });
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
