import type { Plan } from '../../component/plan.ts';
import { workerDiskMegabytes } from '../stage-workers.ts';
import { machineDefinition } from '../state-machine/definition.ts';
import { calledFunctions } from '../state-machine/references.ts';
import { count, eachOf, short } from './figures.ts';
import { prices } from './prices.ts';
import type { RunWork, StageWork } from './run-work.ts';
import { chunkOverheadSeconds } from './work-figures.ts';

/** One thing that a run pays for. */
export interface RunCostItem {
  readonly what: string;
  readonly quantity: number;
  readonly unit: string;
  /** US dollars of one, at list price. */
  readonly price: number;
  readonly dollars: number;
  /** How the quantity comes about. */
  readonly arithmetic: string;
}

/** Seconds that the functions besides the workers take together, at 1 GB. */
const otherSeconds = 15;
/** A child of a Map: its start, and its one state. */
const transitionsOfChunk = 2;
/** Sent by the state, received and deleted by the event source mapping. */
const requestsOfMessage = 3;
/** The record of the run, its changes of state, the claims of its files. */
const unitsOfRun = 60;
/** Lists of inputs and files that Assess, Publish and Commit read, besides one for each table. */
const readsOfRun = 8;
/** PipelineStarted and those that follow, with the lineage. */
const eventsOfRun = 12;
/** Changes of the run's state, each read from the stream of the run table by itself, or with others. */
const callsOfAnnouncer = 8;
/** The list of inputs, the report as JSON and as a page, the lineage, and each event in the archive. */
const writesOfRun = 4 + eventsOfRun;
/** Its manifest, the list of its manifests, and its metadata; where a run replaces a table, one more says what went. */
const writesOfTable = 3;
/** Its metadata, by Publish, by Commit, and by the catalog before and behind the step. */
const readsOfTable = 4;
/** A manifest, and what the Map writes of its results. */
const writesOfStage = 3;

/** What becomes of a file, and what is its newest version: two items in a transaction, which counts twice. */
const unitsOfArrival = 4;
/** The same with its place in a batch, and the count of that. */
const unitsOfMember = 8;

/** What a run costs besides what is stored, sent to logs, and paid while nothing runs. */
export function runCost(plan: Plan, { stages }: RunWork): RunCostItem[] {
  const sum = (of: (stage: RunWork['stages'][number]) => number) =>
    stages.reduce((total, stage) => total + of(stage), 0);
  const list = (of: (stage: RunWork['stages'][number]) => string) => stages.map(of).join(' + ');
  const chunks = sum((stage) => stage.chunks);
  const disk = workerDiskMegabytes - 512;
  const tables = plan.nodes.filter(({ kind }) => kind === 'output').length;
  const references = plan.nodes.filter((node) => node.kind === 'source' && node.use === 'reference').length;
  const maps = stages.length;
  const states = Object.keys(machineDefinition(plan).States).length;
  const workers = sum((stage) => (secondsOf(stage) * stage.memoryMegabytes) / 1024);
  const arrivals = unitsOfArrivals(plan, stages[0]?.chunks ?? 1);
  const item = (what: string, quantity: number, unit: string, price: number, arithmetic: string): RunCostItem => ({
    what,
    quantity,
    unit,
    price,
    dollars: quantity * price,
    arithmetic,
  });
  return [
    item('Lambda workers', workers, 'GB-seconds', prices.lambdaGigabyteSecond, list(workersText)),
    item(
      'Lambda disk',
      sum((one) => (secondsOf(one) * disk) / 1024),
      'GB-seconds',
      prices.lambdaDiskGigabyteSecond,
      `the same seconds × ${disk / 1024} GB above the first 512 MB`,
    ),
    item(
      'Lambda others',
      otherSeconds,
      'GB-seconds',
      prices.lambdaGigabyteSecond,
      `${otherSeconds} s × 1 GB of ${calledFunctions.length} functions of a run`,
    ),
    item(
      'Lambda requests',
      chunks + calledFunctions.length + callsOfAnnouncer,
      'requests',
      prices.lambdaRequest,
      `${chunksOf(chunks)} + ${calledFunctions.length} functions + ${callsOfAnnouncer} to tell what happened`,
    ),
    item(
      'Step Functions',
      chunks * transitionsOfChunk + states,
      'state transitions',
      prices.stateTransition,
      `${chunksOf(chunks)} × ${transitionsOfChunk} + at most ${states} states`,
    ),
    item(
      'SQS',
      chunks * requestsOfMessage,
      'requests',
      prices.sqsRequest,
      `${chunksOf(chunks)} × ${requestsOfMessage}`,
    ),
    item(
      'S3 writes',
      sum((one) => one.writes) + maps * writesOfStage + references + tables * writesOfTable + writesOfRun,
      'requests',
      prices.s3Write,
      `${list((one) => `${eachOf(one.chunks, one.writes)} of ${one.stage}`)} + ${maps * writesOfStage + references + tables * writesOfTable + writesOfRun} of the run`,
    ),
    item(
      'S3 reads',
      sum((one) => one.reads) + maps + references + tables * readsOfTable + readsOfRun,
      'requests',
      prices.s3Read,
      `${list((one) => `${eachOf(one.chunks, one.reads)} of ${one.stage}`)} + ${maps + references + tables * readsOfTable + readsOfRun} of the run`,
    ),
    item(
      'DynamoDB writes',
      sum((one) => one.writeUnits) + unitsOfRun + arrivals,
      'units',
      prices.dynamodbWriteUnit,
      `${list((one) => `${eachOf(one.chunks, one.writeUnits)} of ${one.stage}`)} + ${unitsOfRun} of the run${arrivals > 0 ? ` + ${count(arrivals)} of its files' arrival` : ''}`,
    ),
    item(
      'DynamoDB reads',
      sum((one) => one.readUnits) + unitsOfRun,
      'units',
      prices.dynamodbReadUnit,
      `${list((one) => `${eachOf(one.chunks, one.readUnits)} of ${one.stage}`)} + ${unitsOfRun} of the run`,
    ),
    item('EventBridge', eventsOfRun, 'events', prices.eventPublished, 'the events of a run'),
  ];
}

/** Of files that are run together there are as many as chunks; where a marker completes a folder, none is taken note of. */
function unitsOfArrivals({ triggers }: Plan, chunks: number): number {
  const units = triggers.map((trigger) => {
    if (trigger.kind !== 'file' || (trigger.complete && 'marker' in trigger.complete)) return 0;
    return trigger.window || trigger.complete ? chunks * unitsOfMember : unitsOfArrival;
  });
  return Math.max(0, ...units);
}

/** Of all chunks of a stage. */
function secondsOf({ chunks, empty, chunkSeconds }: StageWork): number {
  return (chunks - empty) * chunkSeconds + empty * chunkOverheadSeconds;
}

function workersText({ chunks, empty, chunkSeconds, memoryMegabytes }: StageWork): string {
  const some = (many: number, seconds: number) =>
    `${chunksOf(many)} × ${short(seconds)} s × ${memoryMegabytes / 1024} GB`;
  const others = empty > 0 ? [some(empty, chunkOverheadSeconds)] : [];
  return [some(chunks - empty, chunkSeconds), ...others].join(' + ');
}

function chunksOf(value: number): string {
  return `${count(value)} ${value === 1 ? 'chunk' : 'chunks'}`;
}
