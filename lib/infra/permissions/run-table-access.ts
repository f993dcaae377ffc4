import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Plan } from '../../component/plan.ts';
import type { RunTable } from '../run-table.ts';
import { tablesOf } from './lake-access.ts';

type ItemAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  /** A condition on an item that a transaction does not write; its writes are covered by the actions above. */
  | 'ConditionCheckItem';

/** What may be done with items of the run table: each action on the partitions of this pipeline alone. */
export class RunTableAccess {
  readonly #table: RunTable;
  readonly #plan: Plan;

  constructor(table: RunTable, plan: Plan) {
    this.#table = table;
    this.#plan = plan;
  }

  /** Runs of the pipeline, with their ledgers. Ids of runs are `<pipeline>-<8 of the plan's digest>-<16 of the trigger's>`. */
  runs(...actions: readonly ItemAction[]): PolicyStatement {
    return this.#statement(actions, [`RUN#${this.#plan.pipeline}-${'?'.repeat(8)}-${'?'.repeat(16)}`]);
  }

  /** Which run has taken which input file. */
  claims(...actions: readonly ItemAction[]): PolicyStatement {
    return this.#statement(actions, [`PIPELINE#${this.#plan.pipeline}`]);
  }

  /** What became of files that arrived. */
  arrivals(...actions: readonly ItemAction[]): PolicyStatement {
    return this.#statement(actions, [`ARRIVAL#${this.#plan.pipeline}#*`]);
  }

  /** Which files are run together. */
  batches(...actions: readonly ItemAction[]): PolicyStatement {
    return this.#statement(actions, [`MEMBERS#${this.#plan.pipeline}#*`]);
  }

  /** Which version of each table readers see. */
  tables(...actions: readonly ItemAction[]): PolicyStatement {
    return this.tablesNamed(tablesOf(this.#plan), ...actions);
  }

  /** The same for other tables. */
  tablesNamed(tables: readonly string[], ...actions: readonly ItemAction[]): PolicyStatement {
    return this.#statement(
      actions,
      tables.map((table) => `TABLE#${table}`),
    );
  }

  /** Who may be at work under a name. */
  leases(names: readonly string[], ...actions: readonly ItemAction[]): PolicyStatement {
    return this.#statement(
      actions,
      names.map((name) => `LEASE#${name}`),
    );
  }

  /** How things stand with systems outside: it is the same for all pipelines. */
  circuits(...actions: readonly ItemAction[]): PolicyStatement {
    return this.#statement(actions, ['CIRCUIT']);
  }

  /** Which execution tells people of what needs them. */
  incidents(...actions: readonly ItemAction[]): PolicyStatement {
    return this.#statement(actions, [`ESCALATION#${this.#plan.pipeline}`]);
  }

  /** Which state the pipeline is in. */
  pipeline(...actions: readonly ItemAction[]): PolicyStatement {
    return this.#statement(actions, [`STATE#${this.#plan.pipeline}`]);
  }

  /** Who did what to the pipeline. */
  audit(...actions: readonly ItemAction[]): PolicyStatement {
    return this.#statement(actions, [`AUDIT#${this.#plan.pipeline}`]);
  }

  /** Until when failed runs of the pipeline are kept. */
  kept(...actions: readonly ItemAction[]): PolicyStatement {
    return this.#statement(actions, [`KEPT#${this.#plan.pipeline}`]);
  }

  /** Runs of all pipelines, to see whether they have ended. */
  anyRuns(...actions: readonly ItemAction[]): PolicyStatement {
    return this.#statement(actions, ['RUN#*']);
  }

  /** To list the pipeline's runs by time; what the list names is read as `runs`. */
  history(): PolicyStatement {
    return new PolicyStatement({
      actions: ['dynamodb:Query'],
      resources: [this.#table.indexArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`PIPELINE#${this.#plan.pipeline}`] } },
    });
  }

  #statement(actions: readonly ItemAction[], partitions: readonly string[]): PolicyStatement {
    return new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [this.#table.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } },
    });
  }
}
