import { randomUUID } from 'node:crypto';
import { executionArn, expressArn } from './arns.ts';
import type { StepFunctionsCore } from './core.ts';
import type { Target } from './machine-versions.ts';
import type { ExecutionRecord } from './records.ts';

export interface NewExecution {
  readonly target: Target;
  readonly name: string;
  readonly input: string;
  readonly traceHeader?: string | undefined;
}

/** The record of an execution about to start. */
export function newExecution(
  core: StepFunctionsCore,
  { target, name, input, traceHeader }: NewExecution,
): ExecutionRecord {
  const { machine, version, alias } = target;
  const { definition, ...settings } = machine;
  const express = machine.type === 'EXPRESS';
  return {
    arn: express
      ? expressArn(core.cloud, machine.name, name, randomUUID())
      : executionArn(core.cloud, machine.name, name),
    name,
    machineArn: machine.arn,
    machineName: machine.name,
    type: machine.type,
    roleArn: machine.roleArn,
    machine: settings,
    definitionDigest: core.definitions.keep(definition),
    input,
    startTime: core.cloud.clock.now(),
    status: 'RUNNING',
    redriveCount: 0,
    ...(traceHeader === undefined ? {} : { traceHeader }),
    ...(version ? { versionArn: version.arn } : {}),
    ...(alias ? { aliasArn: alias.arn } : {}),
  };
}
