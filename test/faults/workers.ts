import type { World } from './world/world.ts';

/** How many may be at work, other than a pipeline says. */
export interface Workers {
  /** Of each of its functions, at the same time. Default: as many as the account has. */
  readonly functions?: number;
  /** That are given chunks out of the buffer; AWS takes none below 2. */
  readonly deliveries?: number;
  /** Chunks of a Map that are sent at the same time. */
  readonly chunks?: number;
}

interface AsDeployed {
  readonly names: readonly string[];
  readonly mappings: readonly {
    readonly UUID: string;
    readonly ScalingConfig: { readonly MaximumConcurrency: number };
  }[];
}

const deployed = new WeakMap<World, AsDeployed>();
/** Worlds in which it is not as the pipeline says. */
const changed = new WeakSet<World>();

/** Lets so many be at work in a world, from before its history on. */
export async function letWork(world: World, workers: Workers | undefined): Promise<void> {
  if (!workers && !changed.has(world)) return;
  if (workers) changed.add(world);
  else changed.delete(world);
  const { scheduler } = world;
  const { passes } = scheduler;
  // Services ask each other whether they may; only deliveries wait for the history.
  scheduler.passes = ({ operation }) => operation !== 'ReceiveMessage';
  try {
    await change(world, workers ?? {});
  } finally {
    scheduler.passes = passes;
  }
}

async function change(world: World, { functions, deliveries, chunks }: Workers): Promise<void> {
  const { names, mappings } = deployed.get(world) ?? (await lookUp(world));
  deployed.set(world, { names, mappings });
  for (const FunctionName of names)
    if (functions === undefined) await world.look('lambda', 'DeleteFunctionConcurrency', { FunctionName });
    else
      await world.look('lambda', 'PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: functions });
  for (const { UUID, ScalingConfig } of mappings) {
    const MaximumConcurrency = deliveries ?? ScalingConfig.MaximumConcurrency;
    await world.look('lambda', 'UpdateEventSourceMapping', { UUID, ScalingConfig: { MaximumConcurrency } });
  }
  await limitMaps(world, chunks);
  await world.untilRest();
}

/** Of the functions and buffers of the pipeline. */
async function lookUp(world: World): Promise<AsDeployed> {
  const { Functions } = await world.look('lambda', 'ListFunctions', {});
  const prefix = `${machineOf(world).split(':').at(-1)}-`;
  const names = Functions.map(({ FunctionName }: any) => FunctionName).filter((name: string) =>
    name.startsWith(prefix),
  );
  const { EventSourceMappings } = await world.look('lambda', 'ListEventSourceMappings', {});
  const mappings = EventSourceMappings.filter(
    ({ FunctionArn, ScalingConfig }: any) => ScalingConfig && FunctionArn.includes(`:${prefix}`),
  );
  return { names, mappings };
}

const machineOf = (world: World) => world.output('MachineArn');

/** What each machine said of its Maps when it was looked at first. */
const definitions = new WeakMap<World, string>();

async function limitMaps(world: World, chunks: number | undefined): Promise<void> {
  const stateMachineArn = machineOf(world);
  const before =
    definitions.get(world) ?? (await world.look('states', 'DescribeStateMachine', { stateMachineArn })).definition;
  definitions.set(world, before);
  const definition =
    chunks === undefined ? before : before.replaceAll(/"MaxConcurrency":\s*\d+/g, `"MaxConcurrency":${chunks}`);
  await world.look('states', 'UpdateStateMachine', { stateMachineArn, definition });
}
