import type { SinkReference, SourceReference } from '../../lib/component/connector.ts';
import type { Step } from '../../lib/component/operator.ts';
import type { RuleReference } from '../../lib/component/quality-rule.ts';
import type { Dataset } from '../../lib/index.ts';

/** Names of the columns of the table that every component is held against, by what they hold. */
export interface SampleColumns {
  /** Text or NULL, with twins. */
  readonly text: string;
  /** 64-bit integer or NULL. */
  readonly number: string;
  /** Date or NULL. */
  readonly day: string;
}

/** How a component is used on that table: one file per component, named like it. */
export type Sample =
  | {
      /** One use, or several that belong together and start from the same rows. */
      readonly step: (columns: SampleColumns, side: Dataset) => Step | readonly Step[];
      /** Steps that make what it works on, where the table itself has no such column. */
      readonly prepare?: (columns: SampleColumns) => readonly Step[];
    }
  | { readonly rule: (columns: SampleColumns, side: Dataset) => RuleReference }
  | { readonly source?: () => SourceReference; readonly sink?: (columns: SampleColumns) => SinkReference };
