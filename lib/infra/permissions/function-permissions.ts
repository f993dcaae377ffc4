import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { cursorSources, fedOutputs } from '../../component/fed-outputs.ts';
import { leaseNeeds, tableLease } from '../../component/lease-needs.ts';
import { isExport, placeOf } from '../../component/output-place.ts';
import { type Plan, passesRepeatsOver, takesBatches } from '../../component/plan.ts';
import { secretNames } from '../../component/plan-secrets.ts';
import type { PlatformStack } from '../platform-stack.ts';
import type { CalledFunction } from '../state-machine/references.ts';
import { catalogAccess } from './catalog-access.ts';
import { LakeAccess, lakePlaces, tablesOf, sourceTables as tablesRead } from './lake-access.ts';
import { RunTableAccess } from './run-table-access.ts';
import { secretAccess } from './secret-access.ts';

/** What each function that the machine calls may do, and nothing else. */
export function functionPermissions(platform: PlatformStack, plan: Plan): Record<CalledFunction, PolicyStatement[]> {
  const access = new LakeAccess(platform.lake);
  const store = new RunTableAccess(platform.runTable, plan);
  const { sources, sourceTables, staged, reports, rejects, tables } = lakePlaces(plan);
  const read = tablesRead(plan);
  const names = secretNames(plan);
  const against = [...new Set(plan.quality.flatMap((rule) => rule.against ?? []))].sort();
  const judgesByHistory = plan.quality.some((rule) => rule.history);
  const leases = leaseNeeds(plan).map(({ name }) => name);
  const shared = leaseNeeds({ ...plan, overlap: undefined }).map(({ name }) => name);
  const releaseLeases = leases.length > 0 ? [store.leases(leases, 'UpdateItem')] : [];
  const exports = tablesOf(plan).filter(isExport);
  const exportPointers = exports.length > 0 ? [store.tablesNamed(exports, 'GetItem')] : [];
  // Where sources go on is told by what they were published in.
  const goesOn = cursorSources(plan.nodes).flatMap(({ id }) => fedOutputs(plan.nodes, id));
  // Files are written with the ids that columns had before they were renamed.
  const renaming = plan.nodes.filter((node) => node.kind === 'output' && node.renamed !== undefined);
  const asked = [...new Set([...goesOn, ...renaming])].filter((node) => node.kind === 'output');
  const askedTables = [...new Set(asked.map(({ table }) => table))].sort();
  const grows = plan.nodes.some((node) => node.kind === 'source' && node.grows);
  const askedExports = askedTables.filter(isExport);
  const noted = `${reports}inputs/`;
  // What the last completed run has read is noted in the lake, and found by the runs.
  const lastGood = plan.nodes.some((node) => node.kind === 'source' && node.fallback === 'last-good')
    ? [access.read(noted), access.list(noted), access.create(noted), store.history(), store.runs('BatchGetItem')]
    : [];
  const commit = [
    access.read(staged, reports, ...tables),
    // A commit that lost a race prepares its version anew; and the run's lineage is kept with its report.
    access.create(reports, ...tables),
    // Where another run was faster, its files are looked up in the ledger once more.
    // What a run has to tell is put beside its record.
    store.runs('GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem', 'Query'),
    // Where another run was faster, it is asked which file that was; what a replay makes anew may be of several runs.
    store.claims('PutItem', 'BatchGetItem', 'Query'),
    store.tables('GetItem', 'PutItem'),
    store.circuits('GetItem', 'PutItem'),
    ...releaseLeases,
    // Runs that meet at a table publish one after the other; whoever had the turn may be a run of another pipeline.
    store.leases(tablesOf(plan).map(tableLease), 'GetItem', 'PutItem', 'UpdateItem'),
    store.anyRuns('GetItem'),
    ...catalogAccess(platform, tablesOf(plan), 'GetTable', 'CreateTable', 'UpdateTable'),
  ];
  return {
    initialize: [
      // Not of one plan alone: while a deploy has changed the role already, the code of before still notes its own.
      access.create(`${reports}plans/`),
      store.circuits('GetItem', 'PutItem'),
      store.runs('GetItem', 'PutItem', 'UpdateItem'),
      store.pipeline('GetItem', 'UpdateItem'),
      // A run takes leases only while its record says that it is to begin, or to go on.
      ...(leases.length > 0
        ? [store.runs('ConditionCheckItem'), store.leases(leases, 'GetItem', 'PutItem', 'UpdateItem')]
        : []),
      // Of what is shared, a run of any pipeline may have the lease.
      ...(plan.shares ? [store.anyRuns('GetItem')] : []),
    ],
    extract: [
      ...(sources.length > 0 ? [access.list(...sources), access.readVersions(...sources)] : []),
      access.read(staged, rejects, ...sourceTables, ...new Set(asked.map((node) => `${placeOf(node)}metadata/`))),
      access.create(staged, rejects),
      ...lastGood,
      store.runs('GetItem', 'PutItem', 'UpdateItem'),
      store.claims('BatchGetItem', ...(grows ? (['Query'] as const) : [])),
      store.circuits('GetItem', 'PutItem'),
      ...(takesBatches(plan) ? [store.batches('Query')] : []),
      ...(passesRepeatsOver(plan) ? [store.arrivals('BatchGetItem')] : []),
      ...(askedExports.length > 0 ? [store.tablesNamed(askedExports, 'GetItem')] : []),
      ...catalogAccess(platform, [...new Set([...read, ...askedTables])].sort(), 'GetTable'),
      // The versions of all of them are taken down where the run begins.
      ...secretAccess(platform, names.references, [...names.references, ...names.stages]),
    ],
    assess: [
      access.read(staged, reports, ...tables, ...against.map((table) => `curated/${table}/`)),
      access.create(reports),
      store.circuits('GetItem', 'PutItem'),
      store.runs('GetItem', 'PutItem', 'UpdateItem', 'Query', ...(judgesByHistory ? (['BatchGetItem'] as const) : [])),
      ...(judgesByHistory ? [store.history()] : []),
      ...catalogAccess(platform, against, 'GetTable'),
    ],
    // What is decided because nobody did in time is kept like a person's decision.
    review: [
      store.runs('GetItem', 'PutItem', 'UpdateItem'),
      store.audit('PutItem'),
      // While a person thinks, others have what is shared.
      ...(shared.length > 0 ? [store.leases(shared, 'GetItem', 'UpdateItem')] : []),
    ],
    release: [
      access.read(staged, rejects, ...tables, ...against.map((table) => `curated/${table}/`)),
      access.create(staged, rejects, ...tables.map((table) => `${table}data/`)),
      store.circuits('GetItem', 'PutItem'),
      store.runs('GetItem', 'PutItem', 'UpdateItem', 'Query'),
      ...catalogAccess(platform, against, 'GetTable'),
    ],
    publish: [
      access.read(staged, ...tables),
      access.create(...tables),
      store.circuits('GetItem', 'PutItem'),
      store.runs('GetItem', 'UpdateItem', 'Query'),
      store.claims('Query'),
      ...exportPointers,
      ...catalogAccess(platform, tablesOf(plan), 'GetTable'),
    ],
    commit,
    // A run that had published a part is brought to its end, so compensation can do all that a commit does.
    compensate: [
      ...commit,
      // What it could not do for an execution that ended goes where somebody sees it.
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        resources: [platform.trigger.buffer.deadLetters.queueArn],
      }),
      access.list(staged, ...tables),
      access.remove(staged, ...tables.map((table) => `${table}data/`)),
      store.claims('DeleteItem'),
      store.kept('PutItem'),
      // Which of its takings a run gives back that may be redriven.
      ...(leases.length > 0 ? [store.leases(leases, 'GetItem')] : []),
    ],
  };
}

/** What a worker may do besides consuming its buffer. */
export function workerPermissions(platform: PlatformStack, plan: Plan, machineArn: string): PolicyStatement[] {
  const access = new LakeAccess(platform.lake);
  const store = new RunTableAccess(platform.runTable, plan);
  const { sources, sourceTables, staged, rejects, tables } = lakePlaces(plan);
  const data = tables.map((table) => `${table}data/`);
  return [
    ...(sources.length > 0 ? [access.readVersions(...sources)] : []),
    // What it writes it reads, too: an object that exists is looked at before it counts as done.
    access.read(staged, rejects, ...new Set([...data, ...sourceTables])),
    access.create(staged, rejects, ...data),
    store.runs('GetItem', 'PutItem', 'UpdateItem', 'Query'),
    store.circuits('GetItem', 'PutItem'),
    ...secretAccess(platform, secretNames(plan).stages),
    new PolicyStatement({
      actions: ['states:SendTaskSuccess', 'states:SendTaskFailure', 'states:SendTaskHeartbeat'],
      // A chunk's task is one of a Map's child, which runs under the machine's name with the Map's label behind it.
      resources: [machineArn, `${machineArn}/*`],
    }),
  ];
}
