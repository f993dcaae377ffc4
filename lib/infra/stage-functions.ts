import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { merges, type Plan } from '../component/plan.ts';
import type { HandlerBundle } from './bundle/handlers.ts';
import { functionEnvironment } from './function-environment.ts';
import { functionPermissions } from './permissions/function-permissions.ts';
import { PipelineFunction } from './pipeline-function.ts';
import type { PlatformStack } from './platform-stack.ts';
import { type CalledFunction, calledFunctions, capitalised } from './state-machine/references.ts';

export interface StageFunctionsProps {
  /** Begins the functions' names. */
  readonly machineName: string;
  readonly plan: Plan;
  readonly platform: PlatformStack;
  readonly bundle: HandlerBundle;
  /** The engine, for functions that query. */
  readonly layer: ILayerVersion;
}

interface Size {
  readonly description: string;
  readonly memoryMegabytes: number;
  /** The state's own limit lies a little higher, see `state-machine/`. */
  readonly timeoutSeconds: number;
  readonly diskMegabytes?: number;
  /** Runs queries, and so gets the engine's layer. */
  readonly queries?: true;
}

const sizes: Readonly<Record<CalledFunction, Size>> = {
  initialize: { description: 'Opens the record of a run', memoryMegabytes: 512, timeoutSeconds: 60 },
  extract: {
    description: 'Lists the input of a run, cuts it into chunks and captures reference data',
    memoryMegabytes: 1024,
    timeoutSeconds: 900,
    diskMegabytes: 2048,
    queries: true,
  },
  assess: {
    description: 'Balances the ledger, measures quality and decides at the gate',
    memoryMegabytes: 1024,
    timeoutSeconds: 900,
    diskMegabytes: 2048,
    queries: true,
  },
  review: { description: 'Puts a run before a person', memoryMegabytes: 512, timeoutSeconds: 60 },
  release: {
    description: 'Parts what is published of a run from what a person holds',
    memoryMegabytes: 1024,
    timeoutSeconds: 900,
    diskMegabytes: 2048,
    queries: true,
  },
  publish: {
    description: 'Writes the metadata of the tables that a run publishes',
    memoryMegabytes: 1024,
    timeoutSeconds: 900,
  },
  commit: { description: 'Publishes all of a run, or nothing', memoryMegabytes: 1024, timeoutSeconds: 300 },
  compensate: { description: 'Undoes what a failed run has written', memoryMegabytes: 512, timeoutSeconds: 900 },
};

/** What may have to copy files of tables, in pipelines that merge rows into them. */
const merging: Partial<Size> = { memoryMegabytes: 3008, timeoutSeconds: 900, diskMegabytes: 10_240, queries: true };
const publishing: readonly CalledFunction[] = ['publish', 'commit', 'compensate'];

/** Handlers by bundle: those that query share one with the workers, and the others one without the engine. */
export const pipelineBundles = {
  queries: ['worker', ...calledFunctions.filter((name) => sizes[name].queries)],
  steps: calledFunctions.filter((name) => !sizes[name].queries),
};

/** The functions that the state machine calls directly, one for each step that is not chunked. */
export class StageFunctions extends Construct {
  readonly functions: Readonly<Record<CalledFunction, PipelineFunction>>;

  constructor(scope: Construct, id: string, props: StageFunctionsProps) {
    super(scope, id);
    const permissions = functionPermissions(props.platform, props.plan);
    const made = calledFunctions.map((name) => {
      const larger = merges(props.plan) && publishing.includes(name) ? merging : {};
      const { queries, ...size } = { ...sizes[name], ...larger };
      const made = new PipelineFunction(this, capitalised(name), {
        ...size,
        functionName: `${props.machineName}-${name}`,
        code: props.bundle.codeOf(name),
        environment: functionEnvironment(props.platform, props.plan),
        permissions: permissions[name],
        layers: queries ? [props.layer] : [],
      });
      return [name, made] as const;
    });
    this.functions = Object.fromEntries(made) as Record<CalledFunction, PipelineFunction>;
  }
}
