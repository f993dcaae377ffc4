import { knownConditionKey } from './condition-keys.ts';
import { type Condition, readConditions } from './conditions.ts';
import { malformedPolicy } from './malformed-policy.ts';
import { variablesIn } from './policy-variables.ts';

/** A policy document, checked and ready to be matched. */
export interface Policy {
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** In lower case, as actions are compared without regard to case. */
  readonly actions: Patterns;
  /** The same as they were written. */
  readonly actionNames: readonly string[];
  /** Trust policies name none: they are about the role that they belong to. */
  readonly resources?: Patterns;
  /** Of resource and trust policies only. */
  readonly principals?: Principals;
  readonly conditions: readonly Condition[];
}

/** `not` turns the list round: everything but these (NotAction, NotResource, NotPrincipal). */
export interface Patterns {
  readonly not: boolean;
  readonly patterns: readonly string[];
}

export interface Principals {
  readonly not: boolean;
  readonly everyone: boolean;
  /** ARNs and account ids. */
  readonly aws: readonly string[];
  readonly services: readonly string[];
}

export type PolicyKind = 'identity' | 'resource' | 'trust';

const oldVersion = '2008-10-17';
const newVersion = '2012-10-17';

const members = new Set(['Version', 'Id', 'Statement']);
const statementMembers = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
]);

const caches: Readonly<Record<PolicyKind, Map<string, Policy>>> = {
  identity: new Map(),
  resource: new Map(),
  trust: new Map(),
};

/**
 * Reads a policy document. Throws MalformedPolicyDocument for what AWS refuses too, and for condition operators and keys
 * that local IAM could not hold anyone to. Documents are read once: the text is the key of a cache.
 */
export function readPolicy(text: string, kind: PolicyKind): Policy {
  // A text by itself is the key: its hash is computed once, that of a text put together would be at every call.
  let policy = caches[kind].get(text);
  if (!policy) {
    policy = parse(text, kind);
    caches[kind].set(text, policy);
  }
  return policy;
}

function parse(text: string, kind: PolicyKind): Policy {
  let document: any;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformedPolicy('it is not JSON', text);
  }
  if (typeof document !== 'object' || document === null) throw malformedPolicy('it is not an object', document);
  refuseOthers(document, members);
  const { Version = oldVersion } = document;
  if (Version !== oldVersion && Version !== newVersion)
    throw malformedPolicy(`Version must be ${newVersion} or ${oldVersion}`, document);
  // To the old language, which is that of documents without a version, a variable is text that no request contains.
  if (Version === oldVersion && variablesIn(text).length > 0)
    throw malformedPolicy(`policy variables need Version ${newVersion}`, document);
  const statements = [document.Statement ?? []].flat();
  if (!statements.length) throw malformedPolicy('it has no statement', document);
  return { statements: statements.map((statement) => readStatement(statement, kind)) };
}

function readStatement(statement: any, kind: PolicyKind): Statement {
  refuseOthers(statement, statementMembers);
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')
    throw malformedPolicy('Effect must be Allow or Deny', statement);
  const actions = patterns(statement, 'Action', 'NotAction');
  if (!actions) throw malformedPolicy('a statement names no Action', statement);
  const resources = patterns(statement, 'Resource', 'NotResource');
  if (!resources && kind !== 'trust') throw malformedPolicy('a statement names no Resource', statement);
  const strange = variablesIn(JSON.stringify([resources, statement.Condition ?? {}])).find(
    (name) => !knownConditionKey(name),
  );
  if (strange !== undefined) throw malformedPolicy(`local IAM does not know the policy variable ${strange}`, statement);
  const principals = readPrincipals(statement);
  if (Boolean(principals) === (kind === 'identity')) {
    throw malformedPolicy(
      principals ? 'a policy of an identity names a Principal' : 'a statement names no Principal',
      statement,
    );
  }
  return {
    sid: statement.Sid,
    effect: statement.Effect,
    actionNames: actions.patterns,
    actions: { ...actions, patterns: actions.patterns.map((action) => action.toLowerCase()) },
    resources,
    principals,
    conditions: readConditions(statement.Condition ?? {}),
  };
}

function patterns(statement: any, name: string, notName: string): Patterns | undefined {
  const value = statement[name] ?? statement[notName];
  if (value === undefined) return undefined;
  if (statement[name] !== undefined && statement[notName] !== undefined)
    throw malformedPolicy(`${name} and ${notName} exclude each other`, statement);
  const list = [value].flat();
  if (!list.length || list.some((one) => typeof one !== 'string'))
    throw malformedPolicy(`${name} must be text or a list of texts`, statement);
  return { not: statement[name] === undefined, patterns: list };
}

function readPrincipals(statement: any): Principals | undefined {
  const value = statement.Principal ?? statement.NotPrincipal;
  if (value === undefined) return undefined;
  const not = statement.Principal === undefined;
  if (value === '*') return { not, everyone: true, aws: [], services: [] };
  const unknown = Object.keys(value).find((name) => !['AWS', 'Service', 'Federated', 'CanonicalUser'].includes(name));
  if (unknown) throw malformedPolicy(`there are no principals of the kind ${unknown}`, statement);
  const aws = [value.AWS ?? []].flat().map(String);
  // Nobody on this machine is federated or known by a canonical id, so such principals match nobody.
  return { not, everyone: aws.includes('*'), aws, services: [value.Service ?? []].flat().map(String) };
}

function refuseOthers(value: object, known: ReadonlySet<string>): void {
  const other = Object.keys(value).find((name) => !known.has(name));
  if (other) throw malformedPolicy(`it has the unknown member ${other}`, value);
}
