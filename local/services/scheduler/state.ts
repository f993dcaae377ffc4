import { AwsError } from '../../aws-error.ts';
import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';
import type { RetryPolicy } from '../events/delivery/retry-policy.ts';

/** Times are milliseconds since the epoch. */
export interface Schedule {
  readonly group: string;
  readonly name: string;
  readonly description?: string;
  readonly expression: string;
  readonly timezone: string;
  readonly start?: number;
  readonly end?: number;
  readonly enabled: boolean;
  /** 0 invokes on time. */
  readonly windowMinutes: number;
  readonly target: Target;
  readonly afterCompletion: 'NONE' | 'DELETE';
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** When the invocation that was begun last had been due. */
  readonly lastDue?: number;
  /** Digest of the request that made it, by which the same request is known when it comes again. */
  readonly createdBy?: string;
}

export interface Target {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: RetryPolicy;
  readonly SqsParameters?: { readonly MessageGroupId?: string };
  readonly EventBridgeParameters?: { readonly DetailType: string; readonly Source: string };
}

export interface Group {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  /** As of schedules. */
  readonly createdBy?: string;
}

/** What schedules and groups may be called. */
export const namePattern = /^[0-9a-zA-Z-_.]+$/;

export const invalid = (message: string) => new AwsError('ValidationException', message);

const notFound = (message: string) => new AwsError('ResourceNotFoundException', message, 404);

export const conflict = (message: string) => new AwsError('ConflictException', message, 409);

/** Schedules and their groups. */
export class SchedulerState {
  readonly #schedules: Collection<Schedule>;
  readonly #groups: Collection<Group>;
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#schedules = cloud.store.collection('scheduler.schedules');
    this.#groups = cloud.store.collection('scheduler.groups');
    if (!this.#groups.has('default'))
      this.#groups.set('default', { name: 'default', tags: {}, createdAt: cloud.clock.now() });
  }

  find(group: string, name: string): Schedule | undefined {
    return this.#schedules.get(`${group}/${name}`);
  }

  get(group: string | undefined, name: string): Schedule {
    const schedule = this.find(group ?? 'default', name);
    if (!schedule) throw notFound(`Schedule ${name} does not exist.`);
    return schedule;
  }

  all(): Schedule[] {
    return [...this.#schedules.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, schedule]) => schedule);
  }

  set(schedule: Schedule): void {
    this.#schedules.set(`${schedule.group}/${schedule.name}`, schedule);
  }

  delete(schedule: Schedule): void {
    this.#schedules.delete(`${schedule.group}/${schedule.name}`);
  }

  group(name: string): Group {
    const group = this.#groups.get(name);
    if (!group) throw notFound(`Schedule group ${name} does not exist.`);
    return group;
  }

  findGroup(name: string): Group | undefined {
    return this.#groups.get(name);
  }

  groups(): Group[] {
    return [...this.#groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  setGroup(group: Group): void {
    this.#groups.set(group.name, group);
  }

  deleteGroup(name: string): void {
    this.#groups.delete(name);
  }

  arn({ group, name }: { group: string; name: string }): string {
    return `arn:aws:scheduler:${this.#cloud.region}:${this.#cloud.accountId}:schedule/${group}/${name}`;
  }

  groupArn(name: string): string {
    return `arn:aws:scheduler:${this.#cloud.region}:${this.#cloud.accountId}:schedule-group/${name}`;
  }
}
