import type { Timer } from '../../../../lib/core/clock.ts';
import type { Cloud } from '../../../service.ts';
import { bucketOf } from '../metrics/bucket.ts';
import { type MetricStore, minute } from '../metrics/metric-store.ts';
import { runQueries } from '../metrics/queries.ts';
import type { AlarmActions } from './actions.ts';
import { type Alarm, type AlarmState, comparisons, type MetricAlarm } from './alarm.ts';
import type { AlarmStore } from './alarm-store.ts';
import { parseCompositeRule } from './composite-rule.ts';
import { evaluateDatapoints } from './evaluate-datapoints.ts';
import { busEvent, functionEvent, type StateChange, subjectOf, topicMessage } from './messages.ts';

/** AWS looks a little further back than the evaluation periods, for points that come late. */
const furtherPeriods = 2;
const dayMilliseconds = 86_400_000;

/** Looks at every alarm at each full minute of the clock, and does what it wants done when its state changes. */
export class AlarmEvaluator {
  readonly #cloud: Cloud;
  readonly #alarms: AlarmStore;
  readonly #metrics: MetricStore;
  readonly #actions: AlarmActions;
  #timer: Timer | undefined;
  #closed = false;
  #cleanedAt = 0;

  constructor(cloud: Cloud, alarms: AlarmStore, metrics: MetricStore, actions: AlarmActions) {
    this.#cloud = cloud;
    this.#alarms = alarms;
    this.#metrics = metrics;
    this.#actions = actions;
  }

  /** Begins to look, unless there is no alarm: then nothing has to be woken. To be called when an alarm was put. */
  watch(): void {
    if (this.#closed || this.#timer || this.#alarms.all().length === 0) return;
    const now = this.#cloud.clock.now();
    const next = (Math.floor(now / minute) + 1) * minute;
    this.#timer = this.#cloud.clock.after(next - now, () => {
      this.#timer = undefined;
      this.#tick(next);
    });
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  /** Sets a state, as an evaluation or SetAlarmState does; a change goes to history, bus and actions. */
  setState(alarm: Alarm, state: AlarmState, reason: string, reasonData?: string): void {
    if (state === alarm.state) return;
    const now = this.#cloud.clock.now();
    const changed: Alarm = { ...alarm, state, reason, reasonData, stateSince: now };
    const change: StateChange = { alarm: changed, arn: this.#alarms.arn(alarm.name), before: alarm };
    this.#cloud.store.transaction(() => {
      this.#alarms.set(changed);
      const summary = `Alarm updated from ${alarm.state} to ${state}`;
      this.#alarms.note(changed, 'StateUpdate', summary, {
        version: '1.0',
        oldState: alarm.state,
        newState: state,
        reason,
      });
      if (changed.actionsEnabled) for (const arn of changed.actions[state]) this.#act(arn, change);
      this.#cloud.emit(busEvent(change));
    });
    this.#evaluateComposites(alarm.name);
  }

  /** Evaluates one alarm as of the last full minute. */
  evaluate(alarm: Alarm): void {
    if (alarm.kind === 'composite') {
      this.#evaluateComposite(alarm.name);
      return;
    }
    const end = Math.floor(this.#cloud.clock.now() / minute) * minute;
    const points = this.#points(alarm, end);
    const isBreaching = (value: number) => comparisons[alarm.comparison](value, alarm.threshold);
    const state = evaluateDatapoints(points, { ...alarm, isBreaching });
    if (state !== undefined && state !== alarm.state)
      this.setState(alarm, state, ...reasonFor(alarm, state, points, end));
  }

  #tick(at: number): void {
    for (const gauge of this.#cloud.gauges()) {
      this.#metrics.add(gauge, gauge.unit ?? 'None', at - minute, bucketOf(gauge.value));
    }
    for (const alarm of this.#alarms.all()) this.evaluate(alarm);
    if (at - this.#cleanedAt >= dayMilliseconds) {
      this.#cleanedAt = at;
      this.#alarms.dropOld(at);
    }
    this.watch();
  }

  #points(alarm: MetricAlarm, end: number): (number | undefined)[] {
    const period = alarm.periodSeconds * 1000;
    const start = end - period * (alarm.evaluationPeriods + furtherPeriods);
    const series = runQueries(this.#metrics, alarm.queries, start, end).get(alarm.comparedId);
    const points: (number | undefined)[] = [];
    for (let time = start; time < end; time += period) {
      points.push(series instanceof Map ? series.get(time) : typeof series === 'number' ? series : undefined);
    }
    return points;
  }

  #evaluateComposites(changed: string): void {
    for (const alarm of this.#alarms.all()) {
      if (alarm.kind === 'composite' && parseCompositeRule(alarm.rule).alarms.includes(changed))
        this.#evaluateComposite(alarm.name);
    }
  }

  #evaluateComposite(name: string): void {
    const alarm = this.#alarms.get(name);
    if (alarm?.kind !== 'composite') return;
    const rule = parseCompositeRule(alarm.rule);
    const states = rule.alarms.map((child) => this.#alarms.get(child)?.state);
    if (states.length > 0 && states.every((state) => state === 'INSUFFICIENT_DATA')) return;
    const holds = rule.holds((child) => this.#alarms.get(child)?.state);
    const told = rule.alarms
      .map((child, index) => `${this.#alarms.arn(child)} is in ${states[index] ?? 'no'} state`)
      .join('; ');
    this.setState(alarm, holds ? 'ALARM' : 'OK', told || 'the rule names no alarm');
  }

  #act(arn: string, change: StateChange): void {
    const { alarm } = change;
    this.#alarms.note(alarm, 'Action', `Began action ${arn}`, { actionState: 'InProgress', notificationResource: arn });
    this.#actions.add({
      arn,
      alarmArn: change.arn,
      subject: subjectOf(change, this.#cloud.region),
      message: topicMessage(change, this.#cloud),
      event: functionEvent(change, this.#cloud),
    });
  }
}

function reasonFor(
  alarm: MetricAlarm,
  state: AlarmState,
  points: readonly (number | undefined)[],
  end: number,
): [string, string] {
  const recent = points.slice(-alarm.evaluationPeriods);
  const there = recent.filter((value) => value !== undefined);
  const verb = {
    GreaterThanOrEqualToThreshold: 'greater than or equal to',
    GreaterThanThreshold: 'greater than',
    LessThanThreshold: 'less than',
    LessThanOrEqualToThreshold: 'less than or equal to',
  }[alarm.comparison];
  const reason =
    there.length === 0
      ? `Threshold Crossed: no datapoints were received for ${alarm.evaluationPeriods} period(s)${state === 'INSUFFICIENT_DATA' ? '' : ` and missing data is ${alarm.missing}`}.`
      : `Threshold Crossed: ${there.length} out of the last ${recent.length} datapoints [${there.join(', ')}] ${state === 'ALARM' ? 'was' : 'was not'} ${verb} the threshold (${alarm.threshold}).`;
  const data = {
    version: '1.0',
    queryDate: new Date(end).toISOString().replace('Z', '+0000'),
    period: alarm.periodSeconds,
    recentDatapoints: there,
    threshold: alarm.threshold,
  };
  return [reason, JSON.stringify(data)];
}
