import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Backfills } from '../aws/backfills.ts';
import type { CloseRequest } from '../aws/close-circuit.ts';
import type { CompactDemand, Compacted } from '../aws/compact-on-aws.ts';
import { DynamodbArrivals } from '../aws/dynamodb-arrivals.ts';
import { DynamodbAudit } from '../aws/dynamodb-audit.ts';
import { DynamodbBackfills } from '../aws/dynamodb-backfills.ts';
import { DynamodbCircuits } from '../aws/dynamodb-circuits.ts';
import { DynamodbErrorLog } from '../aws/dynamodb-error-log.ts';
import { DynamodbLeases } from '../aws/dynamodb-leases.ts';
import { DynamodbPipelineStore } from '../aws/dynamodb-pipeline-store.ts';
import { DynamodbRunStore } from '../aws/dynamodb-run-store.ts';
import { DynamodbTable } from '../aws/dynamodb-table.ts';
import type { EventArchive } from '../aws/event-archive.ts';
import { lakeTables } from '../aws/lake-tables.ts';
import type { DeadLetters } from '../aws/operate-dead-letters.ts';
import type { DeployedPipeline, PauseRequest } from '../aws/operate-pipelines.ts';
import type { OperatorRequest, StartedRun, StartRequest } from '../aws/operate-runs.ts';
import type { CursorSetting, SourceCursor } from '../aws/read-cursors.ts';
import type { EarlierState, TableContents } from '../aws/read-table.ts';
import type { Replay, ReplayOnAws, StartedReplay } from '../aws/replay-rejects.ts';
import { S3ObjectStore } from '../aws/s3-object-store.ts';
import type {
  Doer,
  Expired,
  Expiry,
  OrphanSearch,
  Orphans,
  RolledBack,
  StateRequest,
  TableLogEntry,
} from '../aws/table-history.ts';
import type { Plan } from '../component/plan.ts';
import { realClock } from '../core/clock.ts';
import { CommandInputError } from './errors.ts';
import type { Run } from './find-run.ts';
import { type PlatformAddress, readAddress } from './platform-address.ts';

/** How things stand with a system outside. */
export type Circuit = Awaited<ReturnType<DynamodbCircuits['list']>>[number];
/** Failures of one fingerprint. */
export type FailurePattern = Awaited<ReturnType<DynamodbErrorLog['patterns']>>[number];
export type { DeadLetters };

/** Everything that the commands ask of a platform. */
export class Platform {
  readonly address: PlatformAddress;
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly events: EventBridgeClient;
  readonly objects: S3ObjectStore;
  readonly runs: DynamodbRunStore;
  readonly audit: DynamodbAudit;
  readonly pipelines: DynamodbPipelineStore;
  readonly circuits: DynamodbCircuits;
  readonly arrivals: DynamodbArrivals;
  readonly leases: DynamodbLeases;
  readonly sqs: SQSClient;
  readonly errorLog: DynamodbErrorLog;
  /** What clients of AWS are made with. */
  readonly #client: object;
  readonly #runTable: DynamodbTable;
  readonly tables: ReturnType<typeof lakeTables>;

  constructor(address: PlatformAddress) {
    this.address = address;
    const client = address.endpoint
      ? {
          endpoint: address.endpoint,
          region: address.region ?? 'us-east-1',
          credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        }
      : {};
    this.#client = client;
    const clock = realClock();
    this.s3 = new S3Client(client);
    this.sfn = new SFNClient(client);
    this.events = new EventBridgeClient(client);
    this.objects = new S3ObjectStore({ client: this.s3, bucket: address.lake, clock });
    const table = new DynamodbTable(new DynamoDBClient(client), address.runTable, clock);
    this.#runTable = table;
    this.runs = new DynamodbRunStore(table);
    this.audit = new DynamodbAudit(table);
    this.circuits = new DynamodbCircuits(table);
    this.errorLog = new DynamodbErrorLog(table);
    const glue = new GlueClient(client);
    this.tables = lakeTables({ glue, database: address.catalog, objects: this.objects, runTable: table });
    this.pipelines = new DynamodbPipelineStore(table);
    this.arrivals = new DynamodbArrivals(table);
    this.leases = new DynamodbLeases(table);
    this.sqs = new SQSClient(client);
  }

  /** Lets a run that waits for a person go on. Throws `RunStateError` where none waits any longer. */
  async decideReview(decision: {
    readonly run: string;
    readonly decision: 'approve' | 'release' | 'reject';
    /** What is held where the decision is `release`. */
    readonly hold?: { readonly rules?: readonly string[]; readonly tables?: readonly string[] };
    /** Who decides. */
    readonly by: string;
  }): Promise<void> {
    const { decideReviewOnAws } = await import('../aws/decide-review.ts');
    await decideReviewOnAws(this, decision);
  }

  /** Stops a run. Throws `RunStateError` where it has ended. */
  async cancelRun(request: OperatorRequest): Promise<void> {
    const { cancelOnAws } = await import('../aws/operate-runs.ts');
    await cancelOnAws(this.#operator, request);
  }

  /** Lets a failed run go on, or starts it once more where another plan is deployed. */
  async redriveRun(request: OperatorRequest & { readonly earlierDigest: string }) {
    const { redriveOnAws } = await import('../aws/operate-runs.ts');
    return redriveOnAws(this.#operator, request);
  }

  /** Starts a failed run once more, on the plan that is deployed now. */
  async retryRun(request: OperatorRequest & { readonly earlierDigest: string }) {
    const { retryOnAws } = await import('../aws/operate-runs.ts');
    return retryOnAws(this.#operator, request);
  }

  /** Starts a run with parameters. Throws as `startRun` of runtime does. */
  async startRun(request: Omit<StartRequest, 'stateMachineArn'>): Promise<StartedRun> {
    const { startOnAws } = await import('../aws/operate-runs.ts');
    return startOnAws(this.#operator, request);
  }

  /** Runs that are under way, or wait for a person, newest first. */
  async runningRuns(): Promise<readonly Run[]> {
    const { runningRuns } = await import('../aws/running-runs.ts');
    return runningRuns({ ...this, platform: this.address.bus });
  }

  /** A plan that some run of the pipeline has had. */
  async storedPlan(pipeline: string, planDigest: string): Promise<Plan | undefined> {
    const { storedPlan } = await import('../aws/stored-plan.ts');
    return storedPlan(this.objects, { pipeline, planDigest });
  }

  /** Notes that somebody looks after a run. Throws `RunStateError` where nobody needs to, or somebody does. */
  async acknowledgeRun(request: OperatorRequest): Promise<void> {
    const { acknowledgeOnAws } = await import('../aws/operate-runs.ts');
    await acknowledgeOnAws(this, request);
  }

  /** Lets a system outside be called again. Throws `CircuitStateError` where it is. */
  async closeCircuit(request: CloseRequest): Promise<void> {
    const { closeOnAws } = await import('../aws/close-circuit.ts');
    await closeOnAws(this, request);
  }

  /** Lets a source go on behind another value. Throws `CursorRefusedError`. */
  async setCursor(setting: CursorSetting) {
    const { setCursorOnAws } = await import('../aws/read-cursors.ts');
    return setCursorOnAws(this, setting);
  }

  /** Ranges that are run anew, slice by slice. */
  async backfills(): Promise<Backfills> {
    const { Backfills: Store } = await import('../aws/backfills.ts');
    return new Store(this.#operator);
  }

  /** How far the sources of a plan were taken that go on. */
  async cursors(plan: Plan): Promise<readonly SourceCursor[]> {
    const { cursorsOnAws } = await import('../aws/read-cursors.ts');
    return cursorsOnAws(this, plan);
  }

  /** Lets triggers of a pipeline wait. Throws `PipelineStateError` where it is paused already. */
  async pausePipeline(request: PauseRequest): Promise<void> {
    const { pauseOnAws } = await import('../aws/operate-pipelines.ts');
    await pauseOnAws({ ...this, platform: this.address.bus }, request);
  }

  /** Lets a pipeline start runs again, first those that wait. Returns the ids of these. */
  async resumePipeline(request: PauseRequest): Promise<readonly string[]> {
    const { resumeOnAws } = await import('../aws/operate-pipelines.ts');
    return resumeOnAws({ ...this, platform: this.address.bus }, request);
  }

  /** The pipelines that are deployed, by name. */
  async deployedPipelines(): Promise<readonly DeployedPipeline[]> {
    const { pipelinesOnAws } = await import('../aws/operate-pipelines.ts');
    return pipelinesOnAws({ ...this, platform: this.address.bus });
  }

  /** What happened, as the lake keeps it. */
  async archive(): Promise<EventArchive> {
    const { EventArchive: Archive } = await import('../aws/event-archive.ts');
    return new Archive({ ...this, clock: realClock() });
  }

  /** Messages that were given up. */
  async deadLetters(): Promise<DeadLetters> {
    const { DeadLetters: Letters } = await import('../aws/operate-dead-letters.ts');
    const { runs, audit, arrivals, events, sfn } = this;
    return new Letters({ client: this.#client, runs, audit, arrivals, events, sfn, platform: this.address.bus });
  }

  /** Runs rejects of a run once more, on the plan that is deployed now. */
  async replayRejects(request: ReplayOnAws): Promise<StartedReplay> {
    const { replayOnAws } = await import('../aws/replay-rejects.ts');
    // The bus has the name of its platform.
    return replayOnAws({ ...this, platform: this.address.bus }, request);
  }

  /** Merges small files of a table on this machine. */
  async compact(request: CompactDemand): Promise<Compacted> {
    const { compactOnAws } = await import('../aws/compact-on-aws.ts');
    const { compactFiles } = await import('../engine/index.ts');
    return compactOnAws({ ...this, compactFiles }, request);
  }

  /** What a table holds in the version of this metadata, or held in an earlier state. */
  async readTable(metadata: string, earlier?: EarlierState): Promise<TableContents> {
    const { readTable } = await import('../aws/read-table.ts');
    return readTable(this.objects, metadata, earlier);
  }

  /** The states of a table that can still be read, newest first. */
  async tableLog(table: string): Promise<TableLogEntry[]> {
    const { tableLogOnAws } = await import('../aws/table-history.ts');
    return tableLogOnAws(this, table);
  }

  /** Lets readers see an earlier state of a table again. */
  async rollbackTable(request: { readonly table: string; readonly to: StateRequest } & Doer): Promise<RolledBack> {
    const { rollbackOnAws } = await import('../aws/table-history.ts');
    return rollbackOnAws(this, request);
  }

  /** Forgets old states of a table, and removes files that no other state has. */
  async expireTable(expiry: Expiry & Doer): Promise<Expired> {
    const { expireOnAws } = await import('../aws/table-history.ts');
    return expireOnAws(this, expiry);
  }

  /** Files below a table that no state of it names. */
  async orphanFiles(search: OrphanSearch & Doer): Promise<Orphans> {
    const { orphansOnAws } = await import('../aws/table-history.ts');
    return orphansOnAws(this, search);
  }

  /** The published replays of a run's rejects, in their order. */
  async replaysOf(run: Pick<Run, 'pipeline' | 'run'>): Promise<readonly Replay[]> {
    const { replaysOnAws } = await import('../aws/replay-rejects.ts');
    return replaysOnAws(this, run);
  }

  /** Tables that replays have made anew since a run. */
  async remadeSince(run: Pick<Run, 'publish'>, replays: readonly Replay[]): Promise<readonly string[]> {
    const { remadeSince } = await import('../aws/replay-rejects.ts');
    return remadeSince(run, replays);
  }

  /** What operations on runs and backfills need. */
  get #operator() {
    const { objects, tables, runs, audit, sfn } = this;
    const backfills = new DynamodbBackfills(this.#runTable);
    return { objects, tables, runs, backfills, audit, sfn, platform: this.address.bus };
  }
}

/** The platform that the commands of this folder talk to: the one that the environment names, else local AWS where it is up. */
export function findPlatform(): Platform {
  const { PENSTOCK_LAKE: lake, PENSTOCK_RUN_TABLE: runTable } = process.env;
  const { PENSTOCK_BUS: bus = 'penstock', PENSTOCK_CATALOG: catalog = 'penstock' } = process.env;
  // Endpoint, region and credentials are the SDK's own to find.
  if (lake && runTable) return new Platform({ lake, catalog, runTable, bus });
  const local = readAddress();
  if (local) return new Platform(local);
  throw new CommandInputError({
    problem: 'no platform was found',
    received: `no ${join('.penstock', 'local.json')} of a running process, and PENSTOCK_LAKE or PENSTOCK_RUN_TABLE is not set`,
    allowed: 'local AWS that runs in this folder, or a deployed platform',
    change:
      'start `npx penstock local` in another terminal, or set both variables to the outputs LakeName and RunTableName of the stack "penstock"',
  });
}
