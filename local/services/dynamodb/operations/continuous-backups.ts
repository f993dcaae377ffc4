import type { Clock } from '../../../../lib/core/clock.ts';
import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { validation } from '../failure.ts';
import { type Table, type Tables, tableName } from '../tables.ts';

const defaultDays = 35;

/** Point-in-time recovery is kept and shown as a setting; there is nothing to restore from on this machine. */
export function updateContinuousBackups(tables: Tables, clock: Clock): Operation {
  return async (input) => {
    const table = existing(tables, input);
    const given = input.PointInTimeRecoverySpecification;
    if (typeof given?.PointInTimeRecoveryEnabled !== 'boolean') {
      throw validation(
        "The parameter 'PointInTimeRecoverySpecification' is required but was not present in the request",
      );
    }
    const days = given.RecoveryPeriodInDays ?? defaultDays;
    if (!Number.isInteger(days) || days < 1 || days > defaultDays) {
      throw validation(
        `Invalid value for RecoveryPeriodInDays: ${days}. Valid values are between 1 and ${defaultDays} days`,
      );
    }
    const enabled: boolean = given.PointInTimeRecoveryEnabled;
    const since = table.recovery.enabled ? table.recovery.since : clock.now();
    const changed: Table = { ...table, recovery: enabled ? { enabled, since, days } : { enabled } };
    tables.set(changed);
    return { ContinuousBackupsDescription: shown(changed, clock) };
  };
}

export function describeContinuousBackups(tables: Tables, clock: Clock): Operation {
  return async (input) => ({ ContinuousBackupsDescription: shown(existing(tables, input), clock) });
}

function existing(tables: Tables, input: any): Table {
  const name = tableName(input.TableName);
  const table = tables.find(name);
  if (!table) throw new AwsError('TableNotFoundException', `Table not found: ${name}`);
  return table;
}

function shown({ recovery }: Table, clock: Clock) {
  if (!recovery.enabled) {
    return {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    };
  }
  const days = recovery.days ?? defaultDays;
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: days,
      EarliestRestorableDateTime: new Date(Math.max(recovery.since ?? 0, clock.now() - days * 86_400_000)),
      LatestRestorableDateTime: new Date(clock.now()),
    },
  };
}
