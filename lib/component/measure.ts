/** How a quality rule is counted, as data: the compiler checks it and the engine runs it. */
export type Measure = CountMeasure | DistinctMeasure | MembersMeasure | GroupsMeasure | ValuesMeasure | ProfileMeasure;

/** Rows for which the condition is true, or NULL. Adds up over chunks. */
export interface CountMeasure {
  readonly form: 'count';
  /** DuckDB expression over one row. */
  readonly holds: string;
  /** What the user wrote of it, where that is not the expression itself, e.g. a pattern; for messages. */
  readonly shown?: string;
}

/** Rows that are the only one of their key, or the first. Needs all rows of a key at once. */
export interface DistinctMeasure {
  readonly form: 'distinct';
  readonly key: readonly string[];
}

/** Rows whose columns are found together in one of the other rows; a row with a NULL among them counts as found. */
export interface MembersMeasure {
  readonly form: 'members';
  readonly columns: readonly string[];
  /** Columns of the other rows, pair by pair. */
  readonly among: readonly string[];
}

/** Groups of rows for which both sides have values that agree; a group that one side lacks does not. */
export interface GroupsMeasure {
  readonly form: 'groups';
  /** Columns of both sides; none: all rows of a side are one group. */
  readonly by: readonly string[];
  /** Aggregate over the rule's own rows. */
  readonly own: string;
  /** Aggregate over the other rows. */
  readonly other: string;
  /** How far apart the two may be, as a share of the larger one, 0 to 1. */
  readonly within: number;
}

/** Numbers that say something of all rows, e.g. the newest time. Adds up over chunks. */
export interface ValuesMeasure {
  readonly form: 'values';
  readonly values: Readonly<Record<string, MergedValue>>;
}

export interface MergedValue {
  /** DuckDB aggregate that gives a BIGINT, or NULL. */
  readonly aggregate: string;
  /** How the values of two chunks become one. */
  readonly merge: 'sum' | 'max' | 'min';
}

/** What the values of one column look like, to be held against those of another run. */
export interface ProfileMeasure {
  readonly form: 'profile';
  readonly column: string;
  /** DuckDB expression that gives text (`categories`) or a DOUBLE (`quantiles`). */
  readonly value: string;
  readonly as: Profile['kind'];
}

/** What a rule counted, in one chunk or in all. */
export interface Measured {
  /** Rows, or groups where groups are compared. */
  readonly total: number;
  /** Those of them that the rule holds for; `total` where it judges all rows at once. */
  readonly passed: number;
  /** Of the form `values`; NULL where there was nothing. */
  readonly values?: Readonly<Record<string, number | null>>;
  readonly profile?: Profile;
  /** Why it could not be measured, for people. It holds no value of a row. */
  readonly unmeasured?: string;
}

export type Profile = CategoryProfile | QuantileProfile;

export interface CategoryProfile {
  readonly kind: 'categories';
  /** Rows that have a value. */
  readonly rows: number;
  /** The most frequent values with their rows, most frequent first. */
  readonly counts: readonly (readonly [value: string, rows: number])[];
  /** Rows with other values. */
  readonly others: number;
}

export interface QuantileProfile {
  readonly kind: 'quantiles';
  /** Rows that have a value. */
  readonly rows: number;
  /** Values at equal steps of rank, from the least to the largest; empty where there is none. */
  readonly quantiles: readonly number[];
}
