/** What of a pipeline is bundled with its functions; infrastructure writes this module for each pipeline. */
declare module 'penstock:pipeline' {
  import type { AwsSecretsOptions } from '../lib/aws/aws-secrets.ts';
  import type { Plan } from '../lib/component/plan.ts';
  import type { Engine } from '../lib/runtime/ports/engine.ts';
  import type { Secrets } from '../lib/runtime/ports/secrets.ts';

  export const plan: Plan;
  /** Default exports of the connectors, operators and quality rules that the plan names, by file name. */
  export const components: Readonly<Record<string, unknown>>;
  /** The user's own functions by node id; empty where the plan has no `map` step. */
  export const functions: Readonly<Record<string, (row: any) => unknown>>;
  /** Opens the services that keep secrets; undefined where no step of the plan hashes. */
  export const makeSecrets: ((options: AwsSecretsOptions) => Secrets) | undefined;
  /** Undefined where no output of the plan merges: then what publishes comes without it. */
  export const engine: Engine | undefined;
}
