import type { Operation } from '../../../service.ts';
import { activityArn } from '../arns.ts';
import type { StepFunctionsCore } from '../core.ts';
import { findActivity } from '../find.ts';
import { paginate } from '../paginate.ts';
import { validArn } from '../valid-arn.ts';
import { validMachineSettings } from '../valid-machine-settings.ts';
import { validName } from '../valid-name.ts';

/** Creating an activity again is no error. */
export const createActivity =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    validName(input.name);
    validMachineSettings({ encryptionConfiguration: input.encryptionConfiguration });
    const { records } = core.activities;
    const arn = activityArn(core.cloud, input.name);
    const existing = records.get(arn);
    if (existing) return { activityArn: arn, creationDate: new Date(existing.creationTime) };
    const creationTime = core.cloud.clock.now();
    const tags = Object.fromEntries(
      (input.tags ?? []).map((tag: { key: string; value: string }) => [tag.key, tag.value]),
    );
    records.set(arn, { arn, name: input.name, creationTime, tags });
    return { activityArn: arn, creationDate: new Date(creationTime) };
  };

export const describeActivity =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const { arn, name, creationTime } = findActivity(core, input.activityArn);
    const encryptionConfiguration = { type: 'AWS_OWNED_KEY' };
    return { activityArn: arn, name, creationDate: new Date(creationTime), encryptionConfiguration };
  };

export const listActivities =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const all = [...core.activities.records.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, nextToken } = paginate(core.cloud.clock, all, input);
    const activities = items.map(({ arn, name, creationTime }) => ({
      activityArn: arn,
      name,
      creationDate: new Date(creationTime),
    }));
    return { activities, ...(nextToken ? { nextToken } : {}) };
  };

/** Deleting what is not there is no error. */
export const deleteActivity =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    validArn(input.activityArn, 'activity');
    core.activities.records.delete(input.activityArn);
    return {};
  };

/** Waits up to a minute for a task; an empty answer says that there is none. */
export const getActivityTask =
  (core: StepFunctionsCore): Operation =>
  async (input, { signal }) => {
    const { arn } = findActivity(core, input.activityArn);
    const task = await core.activities.poll(arn, signal, input.workerName);
    return task ? { taskToken: task.token, input: task.input } : {};
  };
