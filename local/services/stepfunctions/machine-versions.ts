import type { Collection } from '../../store.ts';
import type { StepFunctionsCore } from './core.ts';
import type { AliasRecord, MachineRecord, VersionRecord } from './records.ts';

/** What an ARN to start, describe or list by names: a machine, and perhaps one of its versions or aliases. */
export interface Target {
  readonly machine: MachineRecord;
  readonly version?: VersionRecord;
  readonly alias?: AliasRecord;
}

/** The published versions of machines, and the aliases that lead to them. */
export class MachineVersions {
  readonly #core: () => StepFunctionsCore;
  readonly versions: Collection<VersionRecord>;
  readonly aliases: Collection<AliasRecord>;

  constructor(core: () => StepFunctionsCore, store: { collection<T>(name: string): Collection<T> }) {
    this.#core = core;
    this.versions = store.collection('states.versions');
    this.aliases = store.collection('states.aliases');
  }

  /** Publishes the machine as it is; a revision that was published already keeps its version. */
  publish(machine: MachineRecord, description?: string): VersionRecord {
    const published = this.of(machine.arn).find((version) => version.machine.revisionId === machine.revisionId);
    if (published) return published;
    const core = this.#core();
    const number = machine.lastVersion + 1;
    const version: VersionRecord = {
      arn: `${machine.arn}:${number}`,
      number,
      machine,
      creationTime: core.cloud.clock.now(),
      ...(description === undefined ? {} : { description }),
    };
    core.cloud.store.transaction(() => {
      this.versions.set(version.arn, version);
      core.machines.set(machine.arn, { ...machine, lastVersion: number });
    });
    return version;
  }

  /** A machine's versions, newest first. */
  of(machineArn: string): VersionRecord[] {
    const own = [...this.versions.values()].filter((version) => version.machine.arn === machineArn);
    return own.sort((a, b) => b.number - a.number);
  }

  /** A machine's aliases by name. */
  aliasesOf(machineArn: string): AliasRecord[] {
    const own = [...this.aliases.values()].filter((alias) => alias.machineArn === machineArn);
    return own.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What an ARN leads to; an alias with two versions draws one of them by their weights. */
  find(arn: string): Target | undefined {
    const { machines } = this.#core();
    const machine = machines.get(arn);
    if (machine) return { machine };
    const version = this.versions.get(arn);
    if (version) return { machine: version.machine, version };
    const alias = this.aliases.get(arn);
    const drawn = alias && this.versions.get(draw(alias.routing));
    return drawn && { machine: drawn.machine, version: drawn, alias };
  }

  /** Forgets what belongs to a machine that was deleted. */
  deleteOf(machineArn: string): void {
    for (const version of this.of(machineArn)) this.versions.delete(version.arn);
    for (const alias of this.aliasesOf(machineArn)) this.aliases.delete(alias.arn);
  }
}

function draw(routing: AliasRecord['routing']): string {
  let left = Math.random() * 100;
  for (const { stateMachineVersionArn, weight } of routing) {
    left -= weight;
    if (left < 0) return stateMachineVersionArn;
  }
  return routing.at(-1)!.stateMachineVersionArn;
}
