import type { Operation } from '../../../service.ts';
import { validation } from '../failure.ts';
import { type Tables, tableName } from '../tables.ts';
import type { TimeToLive } from '../time-to-live.ts';

/** UpdateTimeToLive: takes effect at once, on items that exist already too. */
export function updateTimeToLive(tables: Tables, expiry: TimeToLive): Operation {
  return async (input) => {
    const name = tableName(input.TableName);
    const table = tables.get(name);
    const given = input.TimeToLiveSpecification;
    if (typeof given?.Enabled !== 'boolean') {
      throw validation("The parameter 'TimeToLiveSpecification' is required but was not present in the request");
    }
    if (!given.AttributeName)
      throw validation('TimeToLiveSpecification.AttributeName must have length greater than or equal to 1');
    if (given.Enabled && table.timeToLive !== undefined) throw validation('TimeToLive is already enabled');
    if (!given.Enabled && table.timeToLive === undefined) throw validation('TimeToLive is already disabled');
    if (!given.Enabled && table.timeToLive !== given.AttributeName) {
      throw validation(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${table.timeToLive}`,
      );
    }
    tables.set({ ...table, timeToLive: given.Enabled ? given.AttributeName : undefined });
    await expiry.watch(name);
    return { TimeToLiveSpecification: { Enabled: given.Enabled, AttributeName: given.AttributeName } };
  };
}

export function describeTimeToLive(tables: Tables): Operation {
  return async (input) => {
    const { timeToLive } = tables.get(tableName(input.TableName));
    const shown =
      timeToLive === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive };
    return { TimeToLiveDescription: shown };
  };
}
