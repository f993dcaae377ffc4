import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Plan, Trigger } from '../component/plan.ts';
import type { PlatformStack } from './platform-stack.ts';

/** A trigger that cannot be delivered is tried again for a day. */
export const deliveryPatience = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };

export interface ZonedScheduleProps {
  /** At most 64 characters. */
  readonly name: string;
  readonly schedule: Omit<Extract<Trigger, { kind: 'schedule' }>, 'kind'>;
  readonly plan: Plan;
  readonly machineArn: string;
  readonly platform: PlatformStack;
}

/** Starts a pipeline by the clocks of a time zone, summer time included. */
export class ZonedSchedule extends Construct {
  constructor(scope: Construct, id: string, { name, schedule, plan, machineArn, platform }: ZonedScheduleProps) {
    super(scope, id);
    const { queue, deadLetters } = platform.trigger.buffer;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: {
        Permissions: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn, deadLetters.queueArn] }),
          ],
        }),
      },
    });
    new CfnSchedule(this, 'Schedule', {
      name,
      description: `Starts the pipeline ${plan.pipeline}`,
      scheduleExpression: schedule.expression,
      scheduleExpressionTimezone: schedule.zone,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: queue.queueArn,
        roleArn: role.roleArn,
        // The time that was due, not the one of the call: a call that comes twice is one run.
        input: Stack.of(this).toJsonString({
          pipeline: plan.pipeline,
          planDigest: plan.digest,
          stateMachineArn: machineArn,
          schedule,
          trigger: { kind: 'schedule', time: '<aws.scheduler.scheduled-time>' },
        }),
        retryPolicy: deliveryPatience,
        deadLetterConfig: { arn: deadLetters.queueArn },
      },
    });
  }
}
