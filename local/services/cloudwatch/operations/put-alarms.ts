import { refuseUnknown } from '../../../requests/known-members.ts';
import type { Cloud, Operation } from '../../../service.ts';
import { checkAction } from '../alarms/actions.ts';
import {
  type Alarm,
  type AlarmState,
  type Comparison,
  comparisons,
  type MetricAlarm,
  type MissingData,
} from '../alarms/alarm.ts';
import type { AlarmStore } from '../alarms/alarm-store.ts';
import { parseCompositeRule } from '../alarms/composite-rule.ts';
import type { AlarmEvaluator } from '../alarms/evaluator.ts';
import { invalidValue, missing } from '../errors.ts';
import { periodOf, type Query, readQueries, runQueries } from '../metrics/queries.ts';

const common = [
  'AlarmName',
  'AlarmDescription',
  'ActionsEnabled',
  'OKActions',
  'AlarmActions',
  'InsufficientDataActions',
  'Tags',
];
const metricMembers = [
  'MetricName',
  'Namespace',
  'Dimensions',
  'Statistic',
  'ExtendedStatistic',
  'Period',
  'Unit',
  'Metrics',
];
const evaluationMembers = [
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'Threshold',
  'ComparisonOperator',
  'TreatMissingData',
  'EvaluateLowSampleCountPercentile',
];
const maxActions = 5;
/** In seconds. */
const day = 86_400;

/** PutMetricAlarm makes an alarm or replaces its settings; its state stays until it is evaluated. */
export function putMetricAlarm(cloud: Cloud, alarms: AlarmStore, evaluator: AlarmEvaluator): Operation {
  return async (input) => {
    refuseUnknown('monitoring:PutMetricAlarm', input, [...common, ...metricMembers, ...evaluationMembers]);
    const { queries, comparedId } = comparedQueries(input);
    const evaluationPeriods = positive(input, 'EvaluationPeriods');
    const datapointsToAlarm =
      input.DatapointsToAlarm == null ? evaluationPeriods : positive(input, 'DatapointsToAlarm');
    if (datapointsToAlarm > evaluationPeriods)
      throw invalidValue('DatapointsToAlarm must not be greater than EvaluationPeriods.');
    if (!Object.hasOwn(comparisons, input.ComparisonOperator ?? '')) {
      throw invalidValue(`The value ${input.ComparisonOperator} for parameter ComparisonOperator is invalid.`);
    }
    const missingData = input.TreatMissingData ?? 'missing';
    if (!['missing', 'breaching', 'notBreaching', 'ignore'].includes(missingData)) {
      throw invalidValue(`The value ${missingData} for parameter TreatMissingData is invalid.`);
    }
    if (input.Threshold == null) throw missing('Threshold');
    const periodSeconds = periodOf(queries);
    checkCompared(queries, comparedId, periodSeconds);
    const [longest, named] = periodSeconds < 3600 ? [day, 'a day'] : [7 * day, 'seven days'];
    if (periodSeconds * evaluationPeriods > longest) {
      throw invalidValue(
        `Metrics cannot be checked across more than ${named} (EvaluationPeriods * Period must be <= ${longest}).`,
      );
    }
    const given = Object.fromEntries(
      metricMembers.filter((name) => input[name] != null).map((name) => [name, input[name]]),
    );
    if (input.EvaluateLowSampleCountPercentile)
      given.EvaluateLowSampleCountPercentile = input.EvaluateLowSampleCountPercentile;
    const alarm: MetricAlarm = {
      ...commonOf(cloud, alarms, input),
      kind: 'metric',
      given,
      queries,
      comparedId,
      periodSeconds,
      evaluationPeriods,
      datapointsToAlarm,
      threshold: Number(input.Threshold),
      comparison: input.ComparisonOperator as Comparison,
      missing: missingData as MissingData,
    };
    put(alarms, evaluator, alarm);
    return {};
  };
}

export function putCompositeAlarm(cloud: Cloud, alarms: AlarmStore, evaluator: AlarmEvaluator): Operation {
  return async (input) => {
    refuseUnknown('monitoring:PutCompositeAlarm', input, [...common, 'AlarmRule']);
    if (!input.AlarmRule) throw missing('AlarmRule');
    const { alarms: children } = parseCompositeRule(input.AlarmRule);
    const unknown = children.find((name) => !alarms.get(name));
    if (unknown !== undefined)
      throw invalidValue(`Could not save the composite alarm as alarms [${unknown}] in the alarm rule do not exist`);
    if (leadsTo(alarms, children, input.AlarmName)) throw invalidValue('The alarm rule leads back to its own alarm.');
    put(alarms, evaluator, { ...commonOf(cloud, alarms, input), kind: 'composite', rule: input.AlarmRule });
    return {};
  };
}

function put(alarms: AlarmStore, evaluator: AlarmEvaluator, alarm: Alarm): void {
  const existed = alarms.get(alarm.name) !== undefined;
  alarms.set(alarm);
  alarms.note(alarm, 'ConfigurationUpdate', `Alarm "${alarm.name}" ${existed ? 'updated' : 'created'}`, {
    type: existed ? 'Update' : 'Create',
  });
  if (alarm.kind === 'composite') evaluator.evaluate(alarm);
  evaluator.watch();
}

function commonOf(cloud: Cloud, alarms: AlarmStore, input: any) {
  const name: string = input.AlarmName ?? '';
  if (name === '' || name.length > 255) throw invalidValue(`The value ${name} for parameter AlarmName is invalid.`);
  const actions = (member: string): string[] => {
    const arns: string[] = input[member] ?? [];
    if (arns.length > maxActions)
      throw invalidValue(`The collection ${member} must not have a size greater than ${maxActions}.`);
    for (const arn of arns) checkAction(arn);
    return arns;
  };
  const before = alarms.get(name);
  const now = cloud.clock.now();
  return {
    name,
    description: input.AlarmDescription as string | undefined,
    actionsEnabled: input.ActionsEnabled ?? true,
    actions: {
      OK: actions('OKActions'),
      ALARM: actions('AlarmActions'),
      INSUFFICIENT_DATA: actions('InsufficientDataActions'),
    } satisfies Record<AlarmState, string[]>,
    tags: before?.tags ?? Object.fromEntries((input.Tags ?? []).map(({ Key, Value }: any) => [Key, Value])),
    state: before?.state ?? ('INSUFFICIENT_DATA' as const),
    reason: before?.reason ?? 'Unchecked: Initial alarm creation',
    reasonData: before?.reasonData,
    stateSince: before?.stateSince ?? now,
    configuredAt: now,
  };
}

/** An alarm's own metric as one query, or the queries that it gives. */
function comparedQueries(input: any): { queries: Query[]; comparedId: string } {
  if (!input.Metrics) {
    if ((input.Statistic == null) === (input.ExtendedStatistic == null))
      throw invalidValue('Either Statistic or ExtendedStatistic must be given.');
    const { Namespace, MetricName, Dimensions, Period, Unit } = input;
    const Stat = input.Statistic ?? input.ExtendedStatistic;
    const queries = readQueries([
      { Id: 'm1', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat, Unit } },
    ]);
    return { queries, comparedId: 'm1' };
  }
  const alone = metricMembers.find((name) => name !== 'Metrics' && input[name] != null);
  if (alone) throw invalidValue(`${alone} must not be given together with Metrics.`);
  const queries = readQueries(input.Metrics);
  const returned = queries.filter(({ returnData }) => returnData);
  if (returned.length !== 1) throw invalidValue('Exactly one element of the metrics list should return data.');
  return { queries, comparedId: returned[0]!.id };
}

/** Runs the queries over no data: what cannot be computed is refused now, and not at three in the morning. */
function checkCompared(queries: readonly Query[], comparedId: string, periodSeconds: number): void {
  const nothing = { read: () => undefined };
  const value = runQueries(nothing, queries, 0, periodSeconds * 1000).get(comparedId);
  if (Array.isArray(value)) throw invalidValue('The expression of an alarm must give a single time series.');
}

function positive(input: any, name: string): number {
  const value = Number(input[name]);
  if (!Number.isInteger(value) || value < 1)
    throw invalidValue(`The value ${input[name]} for parameter ${name} is invalid.`);
  return value;
}

function leadsTo(alarms: AlarmStore, names: readonly string[], target: string): boolean {
  return names.some((name) => {
    if (name === target) return true;
    const alarm = alarms.get(name);
    return alarm?.kind === 'composite' && leadsTo(alarms, parseCompositeRule(alarm.rule).alarms, target);
  });
}
