import { resolve } from 'node:path';
import type { Clock } from '../lib/core/clock.ts';
import { allServices } from './all-services.ts';
import { type ChosenClock, type ClockChoice, chooseClock } from './clocks/choose-clock.ts';
import type { FastForwardClock } from './clocks/fast-forward.ts';
import { LocalCloud } from './cloud.ts';
import { type FaultPlan, readFaultPlan } from './faults/fault-plan.ts';
import { Faults } from './faults/faults.ts';
import { rootCredentials } from './iam/credentials.ts';
import { Deployment } from './provisioning/deployment.ts';
import type { ProvisionedStack } from './provisioning/provision-stack.ts';
import { readAssembly } from './template/assembly.ts';

export { type ManualClock, manualClock } from './clocks/manual.ts';
export {
  type FaultPlan,
  FaultPlanError,
  type FaultProblem,
  type FaultRule,
  readFaultPlan,
} from './faults/fault-plan.ts';
export type { Faults, FiredFault } from './faults/faults.ts';
export type { FastForwardClock };
export { rootCredentials };

export interface StartLocalOptions<Choice extends ClockChoice = ClockChoice> {
  /** The folder that `cdk synth` wrote. */
  readonly cloudAssembly: string;
  /** Keeps state in this folder; without it everything is in memory and gone at the end. */
  readonly dataFolder?: string;
  /** Port on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
  /** Default: those that the stacks name, else `000000000000` in `us-east-1`. */
  readonly accountId?: string;
  readonly region?: string;
  /**
   * How time passes, for every timer of every service. Default: `real`. Functions run in processes of their own and see
   * the machine's time whatever is chosen here; a virtual clock stands still while one is at work.
   */
  readonly clock?: Choice;
  /** Told in words what happens. Default: nobody. */
  readonly log?: (line: string) => void;
  /** What is to go wrong once the app is provisioned. Default: nothing. */
  readonly faults?: FaultPlan;
  /** Values of template parameters, by stack name. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** An app that runs on this machine. */
export interface LocalApp<C extends Clock = Clock> {
  readonly cloud: LocalCloud;
  /** What `advance` moves, where the clock is a manual one. */
  readonly clock: C;
  /** `http://127.0.0.1:<port>`: what AWS_ENDPOINT_URL takes. */
  readonly endpoint: string;
  /** What a process needs to call local AWS with its tools unchanged: endpoint, region and the key of root. */
  readonly environment: Readonly<Record<string, string>>;
  /** By stack name, as they are since the last deployment. */
  readonly stacks: Readonly<Record<string, ProvisionedStack>>;
  /**
   * Applies another synthesis of the app to what runs: the difference is provisioned, stacks that have gone are deleted,
   * state stays. Where that fails everything is as before, and it rejects with the reason. One at a time, in order.
   */
  redeploy(cloudAssembly: string): Promise<void>;
  /** What goes wrong, to be added to, and what did. */
  readonly faults: Faults;
  close(): Promise<void>;
}

/**
 * Runs a synthesized CDK app on this machine: every stack of the cloud assembly is provisioned on local services.
 * Rejects with NotSupportedError or ProvisioningError, closed again, where the app needs what local AWS does not have.
 */
export async function startLocal<Choice extends ClockChoice = 'real'>(
  options: StartLocalOptions<Choice>,
): Promise<LocalApp<ChosenClock<Choice>>> {
  // Functions run in folders of their own, so the code's path must not depend on this one.
  const assembly = readAssembly(resolve(options.cloudAssembly));
  const { accountId = options.accountId, region = options.region } = assembly;
  const { dataFolder, port, parameters = {}, log = () => {} } = options;
  const plan = readFaultPlan(options.faults ?? []);
  const clock = chooseClock(options.clock ?? ('real' as Choice), Date.now());
  let armed: Faults | undefined;
  const cloud = await LocalCloud.start({
    services: await allServices(),
    dataFolder,
    port,
    clock,
    accountId,
    region,
    // Faults are for what the app does, not for how it came to be.
    faults: (call, run) => (armed ? armed.intercept(call, run) : run()),
  });
  const close = async () => {
    await cloud.close();
    if (options.clock === 'fast-forward') (clock as FastForwardClock).stop();
  };
  try {
    const faults = new Faults(cloud, plan.seed);
    faults.add(...plan.faults);
    const deployment = await Deployment.begin(assembly, cloud, { log, parameters });
    armed = faults;
    return {
      cloud,
      clock,
      endpoint: cloud.endpoint,
      environment: {
        AWS_ENDPOINT_URL: cloud.endpoint,
        AWS_REGION: cloud.region,
        AWS_ACCESS_KEY_ID: rootCredentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: rootCredentials.secretAccessKey,
      },
      get stacks() {
        return deployment.stacks;
      },
      async redeploy(folder) {
        armed = undefined;
        try {
          await deployment.goOn(resolve(folder));
        } finally {
          armed = faults;
        }
      },
      faults,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
