import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord } from '../find-function.ts';
import { invalid, knownMembers, wholeNumber } from '../known-members.ts';

/** What the account must keep for functions that reserve nothing. */
const leastUnreserved = 100;

export const putFunctionConcurrency =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('PutFunctionConcurrency', input, ['FunctionName', 'ReservedConcurrentExecutions']);
    const { name, record } = findRecord(core, input);
    const reserved = input.ReservedConcurrentExecutions;
    wholeNumber('reservedConcurrentExecutions', reserved, [0, Number.MAX_SAFE_INTEGER]);
    if (core.concurrency.unreserved + (record.reservedConcurrency ?? 0) - reserved < leastUnreserved) {
      throw invalid(
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${leastUnreserved}].`,
      );
    }
    core.state.functions.set(name, { ...record, reservedConcurrency: reserved });
    return { ReservedConcurrentExecutions: reserved };
  };

export const getFunctionConcurrency =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('GetFunctionConcurrency', input, ['FunctionName']);
    return { ReservedConcurrentExecutions: findRecord(core, input).record.reservedConcurrency };
  };

export const deleteFunctionConcurrency =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('DeleteFunctionConcurrency', input, ['FunctionName']);
    const { name, record } = findRecord(core, input);
    const { reservedConcurrency, ...rest } = record;
    core.state.functions.set(name, rest);
    return {};
  };
