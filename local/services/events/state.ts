import { AwsError } from '../../aws-error.ts';
import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';

export interface Bus {
  readonly name: string;
  readonly description?: string;
  readonly deadLetterArn?: string;
  readonly policy?: string;
  readonly tags: Record<string, string>;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface Rule {
  readonly bus: string;
  readonly name: string;
  readonly pattern?: string;
  readonly schedule?: string;
  /** From when a rate counts: the rule's creation, or the last change of its schedule or state. */
  readonly scheduledFrom: number;
  readonly enabled: boolean;
  readonly state: string;
  readonly description?: string;
  readonly roleArn?: string;
  readonly tags: Record<string, string>;
  readonly targets: readonly Target[];
}

/** A target as PutTargets takes it. */
export interface Target {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: { readonly InputPathsMap?: Record<string, string>; readonly InputTemplate: string };
  readonly SqsParameters?: { readonly MessageGroupId?: string };
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number };
}

export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message);

export const alreadyExists = (message: string) => new AwsError('ResourceAlreadyExistsException', message);

export const invalid = (message: string) => new AwsError('ValidationException', message);

/** Buses and rules, by name. */
export class EventsState {
  readonly buses: Collection<Bus>;
  readonly #rules: Collection<Rule>;
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.buses = cloud.store.collection('events.buses');
    this.#rules = cloud.store.collection('events.rules');
    if (!this.buses.has('default')) {
      const now = cloud.clock.now();
      this.buses.set('default', { name: 'default', tags: {}, createdAt: now, modifiedAt: now });
    }
  }

  /** The bus of a name or ARN; without one, the default bus. */
  bus(nameOrArn?: string): Bus {
    const name = busName(nameOrArn);
    const bus = this.buses.get(name);
    if (!bus) throw notFound(`Event bus ${name} does not exist.`);
    return bus;
  }

  rule(name: string, bus?: string): Rule {
    const { name: busName } = this.bus(bus);
    const rule = this.#rules.get(ruleKey(busName, name));
    if (!rule) throw notFound(`Rule ${name} does not exist on EventBus ${busName}.`);
    return rule;
  }

  findRule(bus: string, name: string): Rule | undefined {
    return this.#rules.get(ruleKey(bus, name));
  }

  rulesOf(bus: string): Rule[] {
    return [...this.#rules.values()].filter((rule) => rule.bus === bus).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  allRules(): Rule[] {
    return [...this.#rules.values()];
  }

  setRule(rule: Rule): void {
    this.#rules.set(ruleKey(rule.bus, rule.name), rule);
  }

  deleteRule(rule: Rule): void {
    this.#rules.delete(ruleKey(rule.bus, rule.name));
  }

  busArn(name: string): string {
    return this.#arn(`event-bus/${name}`);
  }

  ruleArn(rule: Pick<Rule, 'bus' | 'name'>): string {
    return this.#arn(rule.bus === 'default' ? `rule/${rule.name}` : `rule/${rule.bus}/${rule.name}`);
  }

  archiveArn(name: string): string {
    return this.#arn(`archive/${name}`);
  }

  replayArn(name: string): string {
    return this.#arn(`replay/${name}`);
  }

  #arn(resource: string): string {
    return `arn:aws:events:${this.#cloud.region}:${this.#cloud.accountId}:${resource}`;
  }
}

export function busName(nameOrArn: string | undefined): string {
  if (nameOrArn === undefined || nameOrArn === null) return 'default';
  return nameOrArn.startsWith('arn:')
    ? nameOrArn.slice(nameOrArn.indexOf('event-bus/') + 'event-bus/'.length)
    : nameOrArn;
}

const ruleKey = (bus: string, name: string) => `${bus}/${name}`;
