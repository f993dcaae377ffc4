import type { FileRule } from '../../component/plan.ts';
import { second } from '../../core/durations.ts';
import type { TriggerIdentity, TriggerMessage } from '../messages.ts';
import { type ArrivedFile, type Batch, type Decision, type FileHistory, repeatedBy } from '../ports/arrivals.ts';
import type { Ports } from '../ports/ports.ts';
import { runId } from '../run-id.ts';
import { closeBatch, endWindow } from './close-batch.ts';
import { isOlder } from './is-older.ts';
import { startRun } from './start-run.ts';

type FileTrigger = Extract<TriggerIdentity, { kind: 'file' }>;
type FileMessage = TriggerMessage & { readonly trigger: FileTrigger; readonly files: FileRule };
type Joined = Extract<Decision, { as: 'batch' }>;
type FilePorts = Pick<Ports, 'arrivals' | 'runs' | 'executions' | 'triggerQueue' | 'clock' | 'logger'>;

/**
 * Does with a file that has arrived what its trigger says: starts a run, lets it join a batch, or passes it over. What
 * becomes of a version is decided once and written down first, so that a message that comes again does the rest of what
 * the first one has begun. Returns the id of a run that was started.
 */
export async function takeFile(ports: FilePorts, message: FileMessage): Promise<string | undefined> {
  const { trigger, files: rule } = message;
  // Consoles make folders by an empty object whose key ends in a slash.
  if (trigger.size === 0 && trigger.key.endsWith('/')) return undefined;
  if (rule.complete && 'marker' in rule.complete) return takeMarker(ports, message, rule.complete.marker);
  const decision = await decided(ports, message);
  if (decision.as === 'run') return startOwn(ports, message, decision.run);
  return decision.as === 'batch' ? goOn(ports, message, decision) : undefined;
}

/** The run of a version that was decided under an earlier plan is its run, if it was begun. */
async function startOwn(ports: FilePorts, message: FileMessage, run: string): Promise<string | undefined> {
  const { pipeline, planDigest, trigger } = message;
  if (run !== runId(pipeline, planDigest, trigger) && (await ports.runs.find(run))) return undefined;
  return startRun(ports, message, trigger);
}

/** Closes the batch that a file has joined where that is due, and sees to it that it will be closed. */
async function goOn(ports: FilePorts, message: FileMessage, joined: Joined): Promise<string | undefined> {
  const { pipeline, planDigest, stateMachineArn } = message;
  const { place, number, opens } = joined;
  const batch = await ports.arrivals.batch(pipeline, place);
  const isOpen = batch?.number === number && batch.state === 'open';
  if (!isOpen || isFull(batch, message.files)) return closeBatch(ports, message, joined);
  const { until } = batch;
  if (!opens || until === undefined) return undefined;
  const trigger = { kind: 'batch', place, number } as const;
  return endWindow(ports, { pipeline, planDigest, stateMachineArn, trigger, until }, joined);
}

/** The marker was put there last, so the run lists the folder; of the other files nothing is to be done. */
async function takeMarker(ports: FilePorts, message: FileMessage, marker: string): Promise<string | undefined> {
  const { key, versionId } = message.trigger;
  const folder = folderOf(key);
  if (key.slice(folder.length) !== marker) return undefined;
  return startRun(ports, message, { kind: 'folder', folder, key, versionId });
}

async function decided(ports: FilePorts, message: FileMessage): Promise<Decision> {
  const { pipeline, trigger, files: rule } = message;
  const { key, versionId, size, sequencer, etag } = trigger;
  const file: ArrivedFile = { pipeline, key, versionId, size, sequencer, ...(etag !== undefined && { etag }) };
  for (;;) {
    const history = await ports.arrivals.history(file);
    if (history.decision) return history.decision;
    const first = firstOfContent(rule, file, history);
    const passed = await passedOver(ports, file, history, first);
    const place = placeOf(rule, file.key);
    const last = passed || place === undefined ? undefined : await ports.arrivals.batch(file.pipeline, place);
    if (last?.state === 'open' && isFull(last, rule)) {
      // Whoever filled it has not closed it yet.
      await closeBatch(ports, message, last);
      continue;
    }
    const taken = place === undefined ? ownRun(message) : inBatch(place, last);
    const decision = passed ?? { ...taken, ...(first !== undefined && { repeats: first }) };
    const at = ports.clock.now();
    const window = rule.window && { until: at + rule.window.seconds * second };
    const most = { most: mostFiles(rule) };
    if (!(await ports.arrivals.decide({ file, decision, history, at, ...most, ...window }))) continue;
    if (decision.as === 'nothing')
      ports.logger.info('file passed over', { pipeline, key, versionId, because: decision.because, by: decision.by });
    return decision;
  }
}

function ownRun({ pipeline, planDigest, trigger }: FileMessage): Exclude<Decision, { as: 'nothing' }> {
  return { as: 'run', run: runId(pipeline, planDigest, trigger) };
}

function inBatch(place: string, last: Batch | undefined): Joined {
  if (last?.state === 'open') return { as: 'batch', place, number: last.number };
  return { as: 'batch', place, number: (last?.number ?? 0) + 1, opens: true };
}

/** Undefined where something is to become of the version. */
async function passedOver(
  ports: Pick<FilePorts, 'runs' | 'arrivals'>,
  file: ArrivedFile,
  { latest }: FileHistory,
  first: string | undefined,
): Promise<Decision | undefined> {
  if (latest && isOlder(file.sequencer, latest.sequencer))
    return { as: 'nothing', because: 'superseded', by: latest.versionId };
  if (!latest || first === undefined || !(await isTaken(ports, file, latest, first))) return undefined;
  return { as: 'nothing', because: 'repeated', by: first };
}

/** The first version of the content that the newest one had, where that has come again. */
function firstOfContent(rule: FileRule, file: ArrivedFile, { latest }: FileHistory): string | undefined {
  const isSame = latest?.etag !== undefined && latest.etag === file.etag && latest.size === file.size;
  return isSame && rule.reupload !== 'run' ? (repeatedBy(latest.decision) ?? latest.versionId) : undefined;
}

/**
 * Whether an earlier version is published, or on its way. What failed with it is tried again by putting it there anew, and
 * so is what never began because somebody has dropped its message.
 */
async function isTaken(
  { runs, arrivals }: Pick<FilePorts, 'runs' | 'arrivals'>,
  { pipeline, key }: ArrivedFile,
  { versionId, decision, dropped }: NonNullable<FileHistory['latest']>,
  first: string,
): Promise<boolean> {
  const versions = [...new Set([versionId, first])].map((one) => ({ key, versionId: one }));
  if ((await runs.consumed(pipeline, '', versions)).length > 0) return true;
  const run = decision.as === 'batch' ? (await arrivals.closed({ pipeline, ...decision }))?.run : runOf(decision);
  // In a batch that is open, the newer version takes the place of the older one.
  if (run === undefined) return false;
  const state = (await runs.find(run))?.state;
  return state === undefined ? !dropped : state !== 'Failed' && state !== 'Cancelled';
}

function runOf(decision: Decision): string | undefined {
  return decision.as === 'run' ? decision.run : undefined;
}

/** Where the file's batches are counted. Undefined where it has a run of its own. */
function placeOf({ prefix, window, complete }: FileRule, key: string): string | undefined {
  if (window) return prefix;
  return complete ? folderOf(key) : undefined;
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}

function isFull({ files }: Batch, rule: FileRule): boolean {
  return files >= mostFiles(rule);
}

function mostFiles({ window, complete }: FileRule): number {
  if (complete && 'count' in complete) return complete.count;
  return window?.atMost ?? Number.MAX_SAFE_INTEGER;
}
