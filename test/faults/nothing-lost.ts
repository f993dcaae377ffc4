import { isDeepStrictEqual } from 'node:util';
import type { TriggerIdentity } from '../../lib/runtime/messages.ts';
import type { DroppedFile, Mark } from './acts.ts';
import type { PipelineName } from './pipelines.ts';
import type { Played } from './play.ts';
import type { Item, ReadBy } from './read-by.ts';
import type { World } from './world/world.ts';

/** Of `counted`. */
const filesOfSet = 2;

/** What somebody asked for, and what came of it. */
interface Asked {
  readonly items: readonly Item[];
  readonly runs: readonly ReadBy[];
  readonly dropped: readonly DroppedFile[];
  readonly marks: readonly Mark[];
  readonly pipeline: PipelineName;
}

/**
 * Every file has a run of its own or one together with others, or was passed over because its event came after that of a
 * newer version, or the message that told of it was given up visibly. Every message that was given up is about something
 * that is known.
 */
export async function nothingLost(
  world: World,
  pipeline: PipelineName,
  items: readonly Item[],
  { dropped, started, marks }: Played,
  runs: readonly ReadBy[],
): Promise<string[]> {
  const asked: Asked = { items, runs, dropped, marks, pipeline };
  const givenUp = await givenUpMessages(world);
  const about = (file: DroppedFile) => [
    file.versionId,
    ...batchOf(asked, file),
    ...marksAfter(asked, file).map(({ versionId }) => versionId),
  ];
  const known = [
    ...dropped.flatMap(about),
    ...marks.map(({ versionId }) => versionId),
    ...started,
    ...runs.map(({ record }) => record.run),
  ];
  return [
    ...dropped
      .filter((file) => !isKnown(asked, file))
      .filter((file) => !givenUp.some((body) => about(file).some((name) => body.includes(name))))
      .map(({ key, versionId }) => `nothing came of ${key} in version ${versionId}`),
    ...givenUp
      .filter((body) => !known.some((name) => body.includes(name)) && !body.includes('"schedule"'))
      .map((body) => `a message was given up that is about nothing known: ${body.slice(0, 300)}`),
    ...newestKnown(asked),
  ];
}

/** Bodies of the messages in dead-letter queues. */
async function givenUpMessages(world: World): Promise<string[]> {
  const bodies: string[] = [];
  for (const [queue, visibleAt] of world.view.messages()) {
    const { length } = visibleAt;
    if (length === 0 || !/DeadLetters/.test(queue)) continue;
    // Whoever takes messages to have them delivered once more, and leaves, leaves them hidden for a while.
    const hidden = Math.max(...visibleAt) - world.clock.now();
    if (hidden > 0) await world.letPass(hidden);
    const QueueUrl = `${world.cloud.endpoint}/${world.cloud.accountId}/${queue}`;
    for (let left = length; left > 0; ) {
      const request = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 };
      const { Messages = [] } = await world.look('sqs', 'ReceiveMessage', request);
      if (Messages.length === 0) throw new Error(`${left} messages of ${queue} are not to be seen`);
      bodies.push(...Messages.map(({ Body }: { Body: string }) => Body));
      left -= Messages.length;
    }
  }
  return bodies;
}

function isKnown(asked: Asked, file: DroppedFile): boolean {
  const { items, runs, dropped } = asked;
  const { key, versionId } = file;
  const ownRun = runs.some(
    ({ record: { trigger } }) => trigger.kind === 'file' && trigger.key === key && trigger.versionId === versionId,
  );
  if (ownRun || runs.some(({ files }) => files.includes(file))) return true;
  if (asked.pipeline === 'marked') return isWithoutMark(asked, file);
  const decision = decisionOf(items, file);
  if (decision?.as === 'batch' && isAwaiting(items, decision)) return true;
  if (decision?.as !== 'batch') return decision?.as === 'nothing';
  const closed = items.find(({ sk }) => sk === `CLOSED#${decision.number}#${decision.place}`);
  const run = runs.find(({ record }) => record.run === closed?.run);
  if (!run) return false;
  // A run that did not publish leaves its files where they are; one that did took the newest version of each, unless a run
  // that somebody started had taken that before, or the version whose content it has.
  const newer = dropped.slice(dropped.indexOf(file)).filter((one) => one.key === key);
  const isRepeated = (one: DroppedFile) =>
    one.key === key && one.versionId === decision.repeats && isDeepStrictEqual(one.rows, file.rows);
  const published = runs.filter(({ record }) => record.state === 'Completed').flatMap(({ files }) => files);
  return (
    run.record.state !== 'Completed' ||
    published.some((one) => newer.includes(one) || isRepeated(one)) ||
    isKept(asked, ['manual', 'schedule'], run.record.endedAt)
  );
}

const marksAfter = ({ dropped, marks }: Asked, file: DroppedFile) =>
  marks.filter(({ files }) => files > dropped.indexOf(file));

/** Whether no marker has come since, or its run did not publish: the file lies there for the next one. */
function isWithoutMark(asked: Asked, file: DroppedFile): boolean {
  const { dropped } = asked;
  const newer = dropped.slice(dropped.indexOf(file) + 1).filter((one) => one.key === file.key);
  // The run of an earlier marker has it where it came before the run looked, and one that somebody started.
  return newer.length > 0 || marksAfter(asked, file).length === 0 || isKept(asked, ['folder', 'manual']);
}

/**
 * Whether a run that takes all files there are did not publish: it may have kept one from another run, which published
 * without it. Redriven, or in the next run of its kind, the file comes.
 * @param until when that other run ended
 */
const isKept = ({ runs }: Asked, kinds: readonly TriggerIdentity['kind'][], until = Number.POSITIVE_INFINITY) =>
  runs.some(
    ({ record: { trigger, state, startedAt } }) =>
      kinds.includes(trigger.kind) && state !== 'Completed' && Date.parse(startedAt) <= until,
  );

/** A set of files that is not closed, with how many it has. Of files within a window there is none. */
const openSet = (items: readonly Item[], { place, number }: Item['decision']) =>
  items.find((item) => item.place === place && item.number === number && item.state === 'open' && !item.until);

/** Whether a set of files is still short of one, so that no run is due. */
const isAwaiting = (items: readonly Item[], decision: Item['decision']) =>
  (openSet(items, decision)?.files ?? filesOfSet) < filesOfSet;

/**
 * How messages name the batch that a file has joined. One that is whole is run by the message of the file that made it so:
 * where no run could be started, that one was given up, and starts the run of them all when it is delivered once more.
 */
function batchOf({ items, dropped }: Asked, file: DroppedFile): string[] {
  const decision = decisionOf(items, file);
  if (decision?.as !== 'batch') return [];
  const { place, number } = decision;
  const isWith = (other: Item['decision']) => other?.as === 'batch' && other.place === place && other.number === number;
  const others = dropped.filter((one) => isWith(decisionOf(items, one))).map(({ versionId }) => versionId);
  return [`"place":${JSON.stringify(place)},"number":${number}`, ...(isWhole(items, decision) ? others : [])];
}

/** Whether no file may join it any more, closed or not. Messages of its files start its run only from then on. */
const isWhole = (items: readonly Item[], decision: Item['decision']) =>
  items.some(({ sk }) => sk === `CLOSED#${decision.number}#${decision.place}`) ||
  openSet(items, decision)?.files >= filesOfSet;

function decisionOf(items: readonly Item[], { key, versionId }: DroppedFile): Item['decision'] {
  return items.find(({ pk, sk }) => isArrivalOf(pk, key) && sk === `VERSION#${versionId}`)?.decision;
}

const isArrivalOf = (pk: string, key: string) => pk.startsWith('ARRIVAL#') && pk.endsWith(`#${key}`);

/** What is noted as the newest version of a file is the last one that something was to become of. */
function newestKnown({ items, dropped }: Asked): string[] {
  return [...new Set(dropped.map(({ key }) => key))].flatMap((key) => {
    const newest = items.find(({ pk, sk }) => isArrivalOf(pk, key) && sk === 'NEWEST')?.versionId;
    const taken = dropped.filter((one) => one.key === key && /run|batch/.test(decisionOf(items, one)?.as));
    const last = taken.at(-1)?.versionId;
    return newest === last ? [] : [`the newest version of ${key} is said to be ${newest}; it is ${last}`];
  });
}

/** No time of a schedule is noted as missed twice. */
export function timesNotedOnce(items: readonly Item[]): string[] {
  const noted = items
    .filter(({ pk, detail }) => pk.startsWith('AUDIT#') && detail?.because === 'missed')
    .map(({ detail }) => detail as { readonly first: string; readonly last: string })
    .sort((a, b) => (a.first < b.first ? -1 : 1));
  return noted.flatMap(({ first, last }, index) => {
    const next = noted[index + 1];
    return next && next.first <= last
      ? [`times from ${first} to ${last} and from ${next.first} are noted as missed`]
      : [];
  });
}
