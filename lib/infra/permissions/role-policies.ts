import { PolicyDocument, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Stack } from 'aws-cdk-lib/core';
import { RoleTooLargeError } from '../errors.ts';

/** Characters that IAM takes in a role itself and in a policy of its own, with some to spare; and how many of these a role has. */
const most = { inline: 10_000, managed: 6_000, attached: 10 };

/** What the values stand for that only the deployment knows, at their longest: names of partitions, regions, ARNs. */
const lengths: Readonly<Record<string, number>> = { 'AWS::Partition': 10, 'AWS::Region': 14, 'AWS::AccountId': 12 };
const longestArn = 100;

export interface RolePolicies {
  /** What stands in the role itself. */
  readonly inline: PolicyDocument;
  /** What has no room there: policies of their own. */
  readonly managed: readonly PolicyDocument[];
}

/**
 * Parts the permissions of a role into what fits in it and policies beside it: one that publishes some fifteen tables
 * has no room for all of their places. Throws `RoleTooLargeError` where even these do not suffice.
 * @param name of the function, for the error
 */
export function rolePolicies(stack: Stack, name: string, statements: readonly PolicyStatement[]): RolePolicies {
  const lengthOf = (value: unknown) => JSON.stringify(standIn(stack.resolve(value))).length + 1;
  const parts = statements.map((statement): Part => {
    const resources = statement.resources.map((arn) => ({ arn, length: lengthOf(arn) }));
    const whole = lengthOf(statement.toStatementJson());
    return { statement, resources, around: whole - resources.reduce((sum, { length }) => sum + length, 0) };
  });
  const length = parts.reduce((sum, part) => sum + lengthWith(part), 0);
  if (length <= most.inline) return { inline: new PolicyDocument({ statements: [...statements] }), managed: [] };
  const policies = Array.from({ length: 1 + most.attached }, (_, index) => new Policy(index));
  // What cannot be parted first, as it needs the most room in one place.
  for (const part of parts.toSorted((a, b) => a.resources.length - b.resources.length)) {
    let rest: Part | undefined = part;
    for (const policy of policies) rest &&= policy.take(rest);
    if (rest) throw new RoleTooLargeError(name, length, most.inline + most.attached * most.managed);
  }
  const [inline, ...managed] = policies
    .filter(({ statements }) => statements.length > 0)
    .map(({ statements }) => new PolicyDocument({ statements }));
  return { inline: inline!, managed };
}

/** A statement, or what is left of it. */
interface Part {
  readonly statement: PolicyStatement;
  readonly resources: readonly { readonly arn: string; readonly length: number }[];
  /** Characters of all but its resources. */
  readonly around: number;
}

function lengthWith({ around, resources }: Part): number {
  return resources.reduce((sum, { length }) => sum + length, around);
}

/** What stands in one place. */
class Policy {
  readonly statements: PolicyStatement[] = [];
  #left: number;

  constructor(index: number) {
    this.#left = index === 0 ? most.inline : most.managed;
  }

  /** Takes as many resources as there is room for. Returns the part with the others; undefined where none is left. */
  take(part: Part): Part | undefined {
    // What a condition names stays together: a request may ask for several of it.
    let count = 0;
    let length = part.around;
    for (const resource of part.resources) {
      if (length + resource.length > this.#left) break;
      length += resource.length;
      count++;
    }
    if (count === 0) return part;
    this.#left -= length;
    const taken = part.resources.slice(0, count).map(({ arn }) => arn);
    this.statements.push(part.statement.copy({ resources: taken }));
    return count < part.resources.length ? { ...part, resources: part.resources.slice(count) } : undefined;
  }
}

/** A statement with something as long in the place of each value that is not known yet. */
function standIn(value: any): unknown {
  if (Array.isArray(value)) return value.map(standIn);
  if (typeof value !== 'object' || value === null) return value;
  if ('Fn::Join' in value) return value['Fn::Join'][1].map(standIn).join(value['Fn::Join'][0]);
  const [[name, of]] = Object.entries(value) as [[string, unknown]];
  if (name === 'Ref' || name.startsWith('Fn::')) return 'x'.repeat(lengths[String(of)] ?? longestArn);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, standIn(inner)]));
}
