import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addStacks, featureFlags } from '../../lib/infra/index.ts';
import { flightsPlan } from './fixtures/flights-plan.ts';
import { fixtureFunctions } from './synthesized.ts';

interface Acknowledged {
  /** The rule, with the finding in brackets where a rule has several. */
  readonly finding: RegExp;
  readonly construct: RegExp;
  readonly reason: string;
}

/** Every finding that stands, one by one, and why. */
const acknowledged: readonly Acknowledged[] = [
  {
    finding: /^AwsSolutions-S1$/,
    construct: /^penstock\/Lake\/Bucket\//,
    reason:
      'access is audited by data events of CloudTrail where it must be; logs of the bucket would need a second one',
  },
  {
    finding: /^AwsSolutions-SF1$/,
    construct: /^penstock-flights\/Run\/Machine$/,
    reason: 'the history of each execution keeps every event for 90 days; the log adds the errors, which outlive it',
  },
  {
    finding: /^AwsSolutions-SF2$/,
    construct: /^penstock-flights\/Run\/Machine$/,
    reason:
      'each run is one execution whose history, log lines and events carry its id; traces are paid for each request',
  },
  ...['landing/flights', 'staged/flights', 'rejects/flights', 'reports/flights', 'reports/flights/plans'].map(
    (prefix) => objectsBelow(prefix),
  ),
  ...['flights', 'flight_counts'].flatMap((table) => [
    objectsBelow(`curated/${table}`),
    objectsBelow(`curated/${table}/data`),
  ]),
  {
    finding: /^AwsSolutions-IAM5\[Resource::arn:.*:execution:penstock-flights[:/]\*\]$/,
    construct: /^penstock-flights\/Run\/Role\//,
    reason: "executions of this machine alone: a Map's children are named by Step Functions",
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::arn:.*:stateMachine:penstock-flights\/\*\]$/,
    construct: /^penstock-flights\/Worker\/Function\/Role\//,
    reason: "Maps of this machine alone: a chunk's task belongs to the machine with the Map's label behind it",
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::arn:.*:stateMachine:penstock-\*\]$/,
    construct: /^penstock\/Trigger\/Starter\/Role\//,
    reason: 'machines of this platform alone: they come with the pipelines, and a role has room for fifty names',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::<RunsTable\w+\.Arn>\/stream\/\*\]$/,
    construct: /^penstock\/Announcer\/Teller\/Role\//,
    reason: 'streams of this table alone: DynamoDB names each by the time when it was turned on',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::<LakeBucket\w+\.Arn>\/events\/\*\]$/,
    construct: /^penstock\/Announcer\/Teller\/Role\//,
    reason: 'objects below events/ alone: each event has a key of its own',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    construct: /^penstock-flights\/Run\/Role\//,
    reason: 'delivery of logs, for which IAM knows no resource; the template gate allows no other action here',
  },
];

function objectsBelow(prefix: string): Acknowledged {
  return {
    finding: new RegExp(
      `^AwsSolutions-IAM5\\[Resource::penstock:ExportsOutputFnGetAttLakeBucket\\w+/${prefix}/\\*\\]$`,
    ),
    construct: /^penstock-flights\/((Worker\/Function|Steps\/\w+)|Run)\/Role\//,
    reason: `objects below ${prefix}/ alone: their keys come with the data`,
  };
}

let outdir: string;
beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'penstock-nag-test-'));
});
afterAll(() => rmSync(outdir, { recursive: true }));

it('cdk-nag finds nothing in the stacks but what is acknowledged here, with its reason', () => {
  const app = new App({
    outdir,
    context: featureFlags(),
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  addStacks(app, { pipelines: [{ file: 'flights.ts', plan: flightsPlan }], functionsFolder: fixtureFunctions });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const findings = findingsOf(app);
  const standing = findings.filter(
    ([rule, construct]) => !acknowledged.some((entry) => covers(entry, rule, construct)),
  );
  expect(standing).toEqual([]);
  const idle = acknowledged.filter((entry) => !findings.some(([rule, construct]) => covers(entry, rule, construct)));
  expect(idle.map(({ finding }) => finding.source)).toEqual([]);
});

function covers({ finding, construct }: Acknowledged, rule: string, path: string): boolean {
  return finding.test(rule) && construct.test(path);
}

/** Rule and construct of each finding. Findings make the synthesis fail; what they are stands in its report. */
function findingsOf(app: App): [string, string][] {
  expect(() => app.synth()).toThrow();
  const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  const { violations } = report.pluginReports.find(({ pluginName }: any) => pluginName === 'AwsSolutions');
  return violations.flatMap(({ ruleName, violatingConstructs }: any) =>
    violatingConstructs.map(({ constructPath }: any) => [ruleName, constructPath]),
  );
}
