/** A version of a file, as the event of its arrival tells. */
export interface ArrivedFile {
  readonly pipeline: string;
  readonly key: string;
  readonly versionId: string;
  readonly size: number;
  /** Of two events of one key the one with the greater sequencer happened later. */
  readonly sequencer: string;
  /** Of the content. Absent: it was not told. */
  readonly etag?: string;
}

/** Files that one run takes together: the `number`th batch of a place, which is a trigger's prefix or a folder below. */
export interface BatchName {
  readonly pipeline: string;
  readonly place: string;
  /** From 1. */
  readonly number: number;
}

/** A file that is run, alone or with others. */
interface Taken {
  /**
   * First of the versions before it that had the same content, and whose runs have failed: it is taken along, so that none
   * of them is published as well. Absent: there was none.
   */
  readonly repeats?: string;
}

/** What became of a version, decided once: a run of its own, a place in a batch, or nothing. */
export type Decision =
  | ({ readonly as: 'run'; readonly run: string } & Taken)
  | ({
      readonly as: 'batch';
      readonly place: string;
      readonly number: number;
      /** True where it is the first of the batch. */
      readonly opens?: true;
    } & Taken)
  | {
      readonly as: 'nothing';
      /** A newer version of the file came before, or its content is that of versions before. */
      readonly because: 'superseded' | 'repeated';
      /** That version, or the first of those. */
      readonly by: string;
    };

/** The first version of the content of a file, where such as came before were not published. Undefined: itself. */
export function repeatedBy(decision: Decision | undefined): string | undefined {
  if (decision?.as === 'nothing') return decision.because === 'repeated' ? decision.by : undefined;
  return decision?.repeats;
}

/** What is known of a file. */
export interface FileHistory {
  /** About the version that was asked for. Absent: nothing is decided. */
  readonly decision?: Decision;
  /** Absent: the file has never come before. */
  readonly latest?: {
    /** Greatest sequencer that was heard of. */
    readonly sequencer: string;
    /** The version whose content is the newest, and what became of it. */
    readonly versionId: string;
    readonly size: number;
    readonly etag?: string;
    readonly decision: Decision;
    /** True where somebody has dropped the message that was to start its run. Absent: nobody has. */
    readonly dropped?: true;
  };
}

/** A batch that files may still join, or the last one of its place. */
export interface Batch extends BatchName {
  readonly state: 'open' | 'closed';
  readonly files: number;
  /** When its window is over, in milliseconds since the epoch. Absent: it waits for its last file. */
  readonly until?: number;
}

/** The one run over a batch. */
export interface ClosedBatch extends BatchName {
  readonly run: string;
  /** Plan that it is run on. */
  readonly planDigest: string;
}

/** Which files have arrived, and what became of each. Every decision is one conditional write. */
export interface Arrivals {
  history(file: ArrivedFile): Promise<FileHistory>;
  /**
   * Notes what becomes of a version, and, where nothing does, why (in the audit). False where something has changed since
   * `history` or the batch is not as it was; nothing was written then.
   */
  decide(request: {
    readonly file: ArrivedFile;
    readonly decision: Decision;
    readonly history: FileHistory;
    /** Milliseconds since the epoch. */
    readonly at: number;
    /** Of a batch: the most files that it takes, and when a window that is opened will be over. */
    readonly most?: number;
    readonly until?: number;
  }): Promise<boolean>;
  /** Those of the versions whose content is that of versions before, whatever became of them, and the first of those. */
  repeats(
    pipeline: string,
    versions: readonly { readonly key: string; readonly versionId: string }[],
  ): Promise<readonly { readonly key: string; readonly versionId: string; readonly of: string }[]>;
  /** Undefined where there was never one. */
  batch(pipeline: string, place: string): Promise<Batch | undefined>;
  /** Batches that are open, by place. */
  open(pipeline: string): Promise<readonly Batch[]>;
  /**
   * Lets no more files join, and says which run takes them: this one, or the one that was named before. Undefined where
   * there is no such batch.
   */
  close(batch: ClosedBatch): Promise<ClosedBatch | undefined>;
  /** The run over a batch; undefined while files may join it. */
  closed(batch: BatchName): Promise<ClosedBatch | undefined>;
  /** Notes that the message was dropped that was to start the run of a version, where no other content came behind it. */
  drop(file: Pick<ArrivedFile, 'pipeline' | 'key' | 'versionId'>): Promise<void>;
  /** By key. */
  members(batch: BatchName): Promise<readonly ArrivedFile[]>;
}
