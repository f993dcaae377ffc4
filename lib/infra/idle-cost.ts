import { TerminalError } from '../core/errors/terminal-error.ts';

/** One thing that is paid for although nothing runs. */
export interface IdleCostItem {
  readonly what: string;
  /** How many of it. */
  readonly quantity: number;
  readonly unit: 'requests' | 'alarm metrics' | 'dashboards';
  /** US dollars a month at list price. */
  readonly dollars: number;
}

export interface IdleCost {
  readonly items: readonly IdleCostItem[];
  /** US dollars a month at list price, as if the account had nothing free left. */
  readonly dollars: number;
}

/** A CloudFormation template, as far as costs go. */
interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: any }>>;
}

/** Price of one, and how many an account gets for nothing each month. List prices of us-east-1, November 2026. */
const prices = {
  requests: { dollars: 0.4 / 1_000_000, free: 1_000_000 },
  'alarm metrics': { dollars: 0.1, free: 10 },
  dashboards: { dollars: 3, free: 3 },
} as const;

/** An event source mapping holds five long polls open, each of 20 seconds, at all times: a month of 30 days. */
const pollsPerMonth = (5 * 30 * 24 * 3600) / 20;

type Count = Pick<IdleCostItem, 'what' | 'quantity' | 'unit'>;

/** What a resource costs while nothing happens. Every type that we deploy has to stand here. */
const idle: Readonly<Record<string, (properties: any) => Count | undefined>> = {
  // Lambda reads the streams of tables for nothing; they have a position to start from, queues have none.
  'AWS::Lambda::EventSourceMapping': ({ StartingPosition }) =>
    StartingPosition === undefined
      ? { what: 'polling of a queue', quantity: pollsPerMonth, unit: 'requests' }
      : undefined,
  'AWS::CloudWatch::Alarm': ({ Metrics }) => ({
    what: 'alarm',
    // An alarm over an expression is paid for each metric that the expression takes.
    quantity: Metrics ? Metrics.filter((metric: any) => metric.MetricStat).length : 1,
    unit: 'alarm metrics',
  }),
  'AWS::CloudWatch::Dashboard': () => ({ what: 'dashboard', quantity: 1, unit: 'dashboards' }),
  // Paid by use: by requests, executions, or what they hold.
  ...Object.fromEntries(
    [
      'AWS::DynamoDB::Table',
      'AWS::Events::Archive',
      'AWS::Events::EventBus',
      'AWS::Events::Rule',
      // A million objects of the catalog are free.
      'AWS::Glue::Database',
      'AWS::IAM::ManagedPolicy',
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Lambda::Function',
      'AWS::Lambda::LayerVersion',
      'AWS::Lambda::Permission',
      'AWS::Logs::LogGroup',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::Scheduler::Schedule',
      'AWS::SNS::Subscription',
      'AWS::SNS::Topic',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::Queue',
      'AWS::SQS::QueuePolicy',
      'AWS::StepFunctions::StateMachine',
    ].map((type) => [type, () => undefined]),
  ),
};

/** What a stack costs a month while nothing runs and nothing is stored. Throws `ResourcePriceMissingError`. */
export function idleCost(template: Template): IdleCost {
  const counts = Object.values(template.Resources).flatMap(({ Type, Properties }) => {
    const count = idle[Type];
    if (!count) throw new ResourcePriceMissingError(Type);
    return count(Properties) ?? [];
  });
  const items = [...Map.groupBy(counts, ({ what }) => what).values()].map((same) => {
    const { what, unit } = same[0]!;
    const quantity = same.reduce((sum, count) => sum + count.quantity, 0);
    return { what, unit, quantity, dollars: quantity * prices[unit].dollars };
  });
  return { items, dollars: items.reduce((sum, item) => sum + item.dollars, 0) };
}

/** US dollars a month of several stacks in an account that uses its free monthly amounts for nothing else. */
export function idleDollarsAfterFree(costs: readonly IdleCost[]): number {
  const byUnit = Map.groupBy(
    costs.flatMap(({ items }) => items),
    ({ unit }) => unit,
  );
  return [...byUnit.entries()].reduce((sum, [unit, items]) => {
    const quantity = items.reduce((total, item) => total + item.quantity, 0);
    return sum + Math.max(0, quantity - prices[unit].free) * prices[unit].dollars;
  }, 0);
}

/** A template holds a type of resource whose idle cost nobody has looked up. */
export class ResourcePriceMissingError extends TerminalError {
  override readonly name = 'ResourcePriceMissingError';
  readonly code = 'IDLE_COST_UNKNOWN_RESOURCE';

  constructor(type: string) {
    super({
      problem: 'the idle cost of a type of resource is not known',
      received: type,
      allowed: Object.keys(idle),
      change: 'look its price up and add it to lib/infra/idle-cost.ts',
    });
  }
}
