import type { Policy, Statement } from './policy.ts';
import { matchesWildcard } from './wildcard.ts';

/** What one role did, was refused, and may do but never did since local AWS started. */
export interface RoleAccess {
  readonly role: string;
  readonly used: readonly UsedAction[];
  readonly denied: readonly DeniedAction[];
  readonly neverUsed: readonly UnusedGrant[];
}

export interface UsedAction {
  readonly action: string;
  readonly calls: number;
  /** A few of the resources, not all. */
  readonly resources: readonly string[];
}

export interface DeniedAction {
  readonly action: string;
  readonly resource: string;
  readonly calls: number;
}

export interface UnusedGrant {
  readonly action: string;
  readonly resources: readonly string[];
  readonly sid?: string;
}

/** Object keys have no end: a record keeps this many resources of an action, and this many refusals of a role. */
const keptResources = 5;
const keptDenials = 200;

/** What one role has done so far. */
export class AccessRecord {
  readonly #used = new Map<string, { calls: number; resources: Set<string>; statements: Set<Statement> }>();
  readonly #denied = new Map<string, DeniedAction>();

  allow(action: string, resource: string, statement: Statement | undefined): void {
    let entry = this.#used.get(action);
    if (!entry) {
      entry = { calls: 0, resources: new Set(), statements: new Set() };
      this.#used.set(action, entry);
    }
    entry.calls++;
    if (entry.resources.size < keptResources) entry.resources.add(resource);
    if (statement) entry.statements.add(statement);
  }

  deny(action: string, resource: string): void {
    const key = `${action} ${resource}`;
    const calls = (this.#denied.get(key)?.calls ?? 0) + 1;
    if (calls > 1 || this.#denied.size < keptDenials) this.#denied.set(key, { action, resource, calls });
  }

  /** Grants are told apart by statement and action pattern: two statements may allow one action on two resources. */
  report(role: string, policies: readonly Policy[]): RoleAccess {
    const granted = policies.flatMap(({ statements }) => statements.filter(({ effect }) => effect === 'Allow'));
    return {
      role,
      used: [...this.#used].map(([action, { calls, resources }]) => ({ action, calls, resources: [...resources] })),
      denied: [...this.#denied.values()],
      neverUsed: granted.flatMap((statement) =>
        statement.actionNames
          .filter((name) => !this.#hasUsed(statement, name.toLowerCase()))
          .map((action) => ({ action, resources: statement.resources?.patterns ?? [], sid: statement.sid })),
      ),
    };
  }

  #hasUsed(statement: Statement, pattern: string): boolean {
    return [...this.#used].some(
      ([action, { statements }]) =>
        statements.has(statement) && matchesWildcard(pattern, action.toLowerCase()) !== statement.actions.not,
    );
  }
}
