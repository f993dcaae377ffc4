/** The part of the Amazon States Language (JSONata) that Penstock's machines are written in. */
export interface StateMachineDefinition {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
  readonly StartAt: string;
  /** The whole run may not take longer. */
  readonly TimeoutSeconds: number;
  readonly States: States;
}

export type States = Readonly<Record<string, State>>;
export type State = TaskState | MapState | ChoiceState | PassState | WaitState | SucceedState | FailState;

/** A JSONata expression in `{% %}`, or JSON with such expressions in it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

interface StateCommon {
  readonly Comment?: string;
  readonly Assign?: { readonly [variable: string]: Json };
  readonly Output?: Json;
}

/** Where a state leads. */
export type Way = { readonly Next: string } | { readonly End: true };

export type TaskState = StateCommon &
  Way & {
    readonly Type: 'Task';
    readonly Resource: string;
    readonly Arguments: Json;
    readonly TimeoutSeconds: number;
    readonly HeartbeatSeconds?: number;
    readonly Retry?: readonly Retrier[];
    readonly Catch?: readonly Catcher[];
  };

export type MapState = StateCommon &
  Way & {
    readonly Type: 'Map';
    readonly Label: string;
    readonly MaxConcurrency: number;
    readonly ItemReader: {
      readonly Resource: string;
      readonly ReaderConfig: { readonly InputType: 'JSON' };
      readonly Arguments: Json;
    };
    readonly ItemSelector: Json;
    readonly ItemProcessor: {
      readonly ProcessorConfig: { readonly Mode: 'DISTRIBUTED'; readonly ExecutionType: 'STANDARD' };
      readonly StartAt: string;
      readonly States: States;
    };
    readonly ResultWriter: {
      readonly Resource: string;
      readonly WriterConfig: { readonly OutputType: 'JSON'; readonly Transformation: 'COMPACT' };
      readonly Arguments: Json;
    };
    readonly Retry?: readonly Retrier[];
    readonly Catch?: readonly Catcher[];
  };

export type ChoiceState = StateCommon & {
  readonly Type: 'Choice';
  readonly Choices: readonly {
    readonly Condition: string;
    readonly Assign?: StateCommon['Assign'];
    readonly Next: string;
  }[];
  /** Always given: a Choice without a way out fails with an error that no Catch sees. */
  readonly Default: string;
};

export type PassState = StateCommon & Way & { readonly Type: 'Pass' };
export type SucceedState = StateCommon & { readonly Type: 'Succeed' };
export type WaitState = StateCommon & {
  readonly Type: 'Wait';
  /** A number, or an expression that gives one. */
  readonly Seconds: Json;
  readonly Next: string;
};

export type FailState = {
  readonly Comment?: string;
  readonly Type: 'Fail';
  readonly Error: string;
  readonly Cause: string;
};

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: 'FULL';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  /** Default: what went wrong. */
  readonly Output?: Json;
  readonly Assign?: { readonly [variable: string]: Json };
}
