import type { LocalCloud } from '../cloud.ts';
import { type Assembly, readAssembly } from '../template/assembly.ts';
import { type ProvisionAppOptions, provisionApp } from './provision-app.ts';
import type { ProvisionedStack } from './provision-stack.ts';
import { redeployApp } from './redeploy-app.ts';

/** An app that stands, and the assembly that it stands for. */
export class Deployment {
  stacks: Readonly<Record<string, ProvisionedStack>>;
  readonly #cloud: LocalCloud;
  readonly #options: ProvisionAppOptions;
  #assembly: Assembly;
  #last: Promise<void> = Promise.resolve();

  private constructor(
    cloud: LocalCloud,
    options: ProvisionAppOptions,
    standing: { readonly assembly: Assembly; readonly stacks: Readonly<Record<string, ProvisionedStack>> },
  ) {
    this.#cloud = cloud;
    this.#options = options;
    this.#assembly = standing.assembly;
    this.stacks = standing.stacks;
  }

  static async begin(assembly: Assembly, cloud: LocalCloud, options: ProvisionAppOptions): Promise<Deployment> {
    const stacks = await provisionApp(assembly, cloud, options);
    return new Deployment(cloud, options, { assembly, stacks });
  }

  /** Goes on to the assembly in `folder`, after every earlier call. Where that fails all is as before. */
  goOn(folder: string): Promise<void> {
    const done = this.#last.then(async () => {
      const to = readAssembly(folder);
      this.stacks = await redeployApp({ from: this.#assembly, to }, this.#cloud, this.#options);
      this.#assembly = to;
    });
    this.#last = done.catch(() => {});
    return done;
  }
}
