import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../lib/core/clock.ts';
import { LocalCloud } from './cloud.ts';
import { type ProvisionedStack, provisionStack } from './provisioning/provision-stack.ts';
import type { Surroundings } from './provisioning/surroundings.ts';
import type { ServiceFactory } from './service.ts';
import { type Assembly, readAssembly } from './template/assembly.ts';

export interface StartLocalOptions {
  /** The folder that `cdk synth` wrote. */
  readonly cloudAssembly: string;
  /** Keeps state in this folder; without it everything is in memory and gone at the end. */
  readonly dataFolder?: string;
  /** Port on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
  readonly clock?: Clock;
  /** Told in words what happens. Default: nobody. */
  readonly log?: (line: string) => void;
  /** Values of template parameters, by stack name. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** An app that runs on this machine. */
export interface LocalApp {
  readonly cloud: LocalCloud;
  /** `http://127.0.0.1:<port>`: what AWS_ENDPOINT_URL takes. */
  readonly endpoint: string;
  /** By stack name. */
  readonly stacks: Readonly<Record<string, ProvisionedStack>>;
  /** Resources whose service local AWS does not have: they are written down, and nothing acts on them. */
  readonly recordedOnly: readonly RecordedOnly[];
  close(): Promise<void>;
}

export interface RecordedOnly {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** Signing name of the missing service. */
  readonly service: string;
}

/**
 * Runs a synthesized CDK app on this machine: every stack of the cloud assembly is provisioned on local services.
 * Rejects with NotSupportedError or ProvisioningError, closed again, where the app needs what local AWS does not have.
 */
export async function startLocal(options: StartLocalOptions): Promise<LocalApp> {
  const assembly = readAssembly(options.cloudAssembly);
  const { accountId, region } = assembly;
  const services = await allServices();
  const { dataFolder, port, clock } = options;
  const cloud = await LocalCloud.start({ services, dataFolder, port, clock, accountId, region });
  try {
    const stacks = await provisionStacks(assembly, cloud, options);
    return {
      cloud,
      endpoint: cloud.endpoint,
      stacks,
      recordedOnly: recordedOnlyOf(stacks, options.log),
      close: () => cloud.close(),
    };
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

async function provisionStacks(assembly: Assembly, cloud: LocalCloud, options: StartLocalOptions) {
  const assets = new Map(
    assembly.stacks
      .flatMap((stack) => stack.assets)
      .map((asset) => {
        const name = `${asset.bucketName}/${asset.objectKey}`;
        return [
          name.replaceAll('${AWS::AccountId}', cloud.accountId).replaceAll('${AWS::Region}', cloud.region),
          asset,
        ];
      }),
  );
  const surroundings: Surroundings = {
    cloud,
    log: options.log ?? (() => {}),
    hasService: (name) => cloud.hasService(name),
    assets,
    exports: new Map(),
    queues: new Map(),
  };
  const standing = new Map<string, Promise<ProvisionedStack>>();
  for (const stack of assembly.stacks) {
    // The assembly lists dependencies first, so those of this stack are on their way already.
    const needed = stack.dependencies.map((id) => standing.get(id));
    standing.set(
      stack.id,
      Promise.all(needed).then(() => provisionStack(stack, options.parameters?.[stack.stackName] ?? {}, surroundings)),
    );
  }
  const outcomes = await Promise.allSettled(standing.values());
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  const provisioned = await Promise.all(standing.values());
  return Object.fromEntries(assembly.stacks.map(({ stackName }, index) => [stackName, provisioned[index]!]));
}

/** One folder of `services/` is one service; its `create…` export makes it. */
async function allServices(): Promise<ServiceFactory[]> {
  const folder = join(import.meta.dirname, 'services');
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'index.ts')));
  return Promise.all(
    names.map(async (name) => {
      const module = await import(new URL(`./services/${name}/index.ts`, import.meta.url).href);
      const create = Object.entries(module).find(([member]) => member.startsWith('create'))?.[1];
      if (!create) throw new Error(`services/${name} exports no create function`);
      return create as ServiceFactory;
    }),
  );
}

function recordedOnlyOf(
  stacks: Readonly<Record<string, ProvisionedStack>>,
  log: StartLocalOptions['log'],
): RecordedOnly[] {
  const list = Object.entries(stacks).flatMap(([stack, { resources }]) =>
    Object.entries(resources).flatMap(([logicalId, { type, recordedOnly }]) =>
      recordedOnly ? [{ stack, logicalId, type, service: recordedOnly }] : [],
    ),
  );
  for (const { stack, logicalId, type, service } of list) {
    log?.(`${stack}/${logicalId} (${type}) is recorded only: local AWS has no service "${service}"`);
  }
  return list;
}
