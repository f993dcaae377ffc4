import { nextTime, timesBetween } from '../core/schedule-times.ts';
import { startRun } from './arrivals/start-run.ts';
import type { ScheduleRule, TriggerIdentity, TriggerMessage } from './messages.ts';
import type { HandledTime } from './ports/pipeline-store.ts';
import type { Ports } from './ports/ports.ts';

type ScheduleMessage = TriggerMessage & {
  readonly trigger: Extract<TriggerIdentity, { kind: 'schedule' }>;
  readonly schedule: ScheduleRule;
};
type SchedulePorts = Pick<Ports, 'pipelines' | 'executions' | 'triggerQueue' | 'clock' | 'logger'>;

/** Runs that one message starts at the most; for the others it is sent again. */
const mostRuns = 100;

/**
 * Starts the run of a time that was due, and does with the times that were missed before it what the schedule says. A time
 * is missed where no run had begun by the next one, and it was not told at its pace. Runs are named by their times, so
 * none is run twice. Returns the id of the time's own run; undefined where there is none.
 */
export async function takeSchedule(ports: SchedulePorts, message: ScheduleMessage): Promise<string | undefined> {
  const { pipeline, trigger, schedule } = message;
  const time = Date.parse(trigger.time);
  const last = await ports.pipelines.handledTime(pipeline, schedule);
  if (schedule.catchUp === 'all') return takeAll(ports, message, last?.time);
  if (last && time <= last.time) return time === last.time && last.run ? startRun(ports, message, trigger) : undefined;
  const at = ports.clock.now();
  const next = nextTime(schedule, time);
  const run = next === undefined || next > at || keepsPace(last, { time, at });
  const missed = last ? [...timesBetween(schedule, last.time, time)] : [];
  if (!run) missed.push(time);
  const handled = { pipeline, schedule, before: last?.time, time, run, at, missed };
  // Another message was faster, perhaps this one itself: what it has noted decides.
  if (!(await ports.pipelines.handleTime(handled))) return takeSchedule(ports, message);
  if (missed.length > 0) ports.logger.info('times of a schedule were missed', { pipeline, times: missed.length });
  return run ? startRun(ports, message, trigger) : undefined;
}

/**
 * Whether times are looked at as they come, one behind the other, and not all at once because they were held up. Where the
 * clock is ahead, or every message is late, the next time seems to be due whenever one is looked at.
 */
function keepsPace(last: HandledTime | undefined, { time, at }: Pick<HandledTime, 'time' | 'at'>): boolean {
  if (last === undefined) return false;
  const pace = (at - last.at) / (time - last.time);
  return pace > 1 / 2 && pace < 3 / 2;
}

/** Notes times, in order, that are not run. Those that were looked at before are left out. */
export async function missTimes(
  ports: Pick<SchedulePorts, 'pipelines' | 'clock' | 'logger'>,
  { pipeline, schedule }: Pick<ScheduleMessage, 'pipeline' | 'schedule'>,
  times: readonly number[],
): Promise<void> {
  const last = await ports.pipelines.handledTime(pipeline, schedule);
  const missed = times.filter((time) => last === undefined || time > last.time);
  const time = missed.at(-1);
  if (time === undefined) return;
  const handled = { pipeline, schedule, before: last?.time, time, run: false, at: ports.clock.now(), missed };
  if (!(await ports.pipelines.handleTime(handled))) return missTimes(ports, { pipeline, schedule }, times);
  ports.logger.info('times of a schedule were missed: its pipeline is paused', { pipeline, times: missed.length });
}

/** Of the times that waited for a pipeline to be resumed, notes those that are not the latest of their schedule. */
export async function missParkedTimes(
  ports: Pick<SchedulePorts, 'pipelines' | 'clock' | 'logger'>,
  messages: readonly TriggerMessage[],
): Promise<void> {
  const latestOnly = messages.filter(isScheduled).filter(({ schedule }) => schedule.catchUp === undefined);
  const bySchedule = Map.groupBy(latestOnly, ({ schedule }) => JSON.stringify([schedule.expression, schedule.zone]));
  for (const [first, ...others] of bySchedule.values()) {
    const times = [first!, ...others].map(({ trigger }) => Date.parse(trigger.time)).sort((a, b) => a - b);
    await missTimes(ports, first!, times.slice(0, -1));
  }
}

/** Whether a message tells of a time that was due, and whose it is. */
export function isScheduled(message: TriggerMessage): message is ScheduleMessage {
  return message.trigger.kind === 'schedule' && message.schedule !== undefined;
}

async function takeAll(ports: SchedulePorts, message: ScheduleMessage, last: number | undefined): Promise<string> {
  const { pipeline, trigger, schedule } = message;
  const time = Date.parse(trigger.time);
  const missed = last === undefined ? [] : timesBetween(schedule, last, time);
  let latest = last;
  let started = 0;
  for (const at of missed) {
    if (started++ === mostRuns) {
      await advance(ports, message, { before: last, time: latest! });
      await ports.triggerQueue.sendLater(JSON.stringify(message), 0);
      return startRun(ports, message, trigger);
    }
    await startRun(ports, message, { kind: 'schedule', time: instant(at) });
    latest = at;
  }
  if (started > 0) ports.logger.info('missed times of a schedule are made up for', { pipeline, times: started });
  const run = await startRun(ports, message, trigger);
  if (last === undefined || time > last) await advance(ports, message, { before: last, time });
  return run;
}

/** Where another message has gone on, that is as well: the runs were started. */
async function advance(
  { pipelines, clock }: Pick<Ports, 'pipelines' | 'clock'>,
  { pipeline, schedule }: ScheduleMessage,
  { before, time }: { readonly before: number | undefined; readonly time: number },
): Promise<void> {
  await pipelines.handleTime({ pipeline, schedule, before, time, run: true, at: clock.now(), missed: [] });
}

/** As EventBridge writes the times that are due. */
function instant(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
