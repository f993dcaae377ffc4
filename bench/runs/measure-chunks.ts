import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { BenchApp } from './bench-app.ts';
import { csvFile, rowsPipeline, tableOf } from './rows-pipeline.ts';

/** One row of `csvFile` and a little: each is a chunk of its own. */
const chunkBytes = 36;
const rowsInChunk = 2;

/** A run in many chunks. */
export interface ChunkedRun {
  readonly chunks: number;
  readonly seconds: number;
  readonly chunksPerSecond: number;
  readonly lostRows: number;
  /** Of the execution, those of chunks aside. */
  readonly historyEvents: number;
  /** The largest input or output of a state. */
  readonly largestStateBytes: number;
  /** Of all processes together. */
  readonly peakMegabytes: number;
}

/** One run after the other, each over a file that is so many chunks. */
export async function measureChunks(sizes: readonly number[]): Promise<readonly ChunkedRun[]> {
  const measured: ChunkedRun[] = [];
  const app = await BenchApp.start([rowsPipeline('chunked', chunkBytes)]);
  try {
    let before = 0;
    for (const size of sizes) {
      app.memory.take();
      const begun = performance.now();
      const rows = size * rowsInChunk;
      await app.drop(`landing/chunked/${size}.csv`, csvFile(rows));
      const [newest] = await app.completed(measured.length + 1);
      const seconds = (performance.now() - begun) / 1000;
      const published = await app.rowsOf(tableOf('chunked'));
      const chunks = newest!.extract!.stages.process!.chunks;
      const { historyEvents, largestStateBytes } = await historyOf(app, newest!.run);
      measured.push({
        chunks,
        seconds,
        chunksPerSecond: chunks / seconds,
        lostRows: before + rows - published,
        historyEvents,
        largestStateBytes,
        peakMegabytes: app.memory.take(),
      });
      before = published;
    }
    return measured;
  } finally {
    await app.close();
  }
}

async function historyOf({ app, platform }: BenchApp, run: string) {
  const machineArn = app.stacks['penstock-chunked']!.outputs.MachineArn!;
  const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${run}`;
  let historyEvents = 0;
  let largestStateBytes = 0;
  let nextToken: string | undefined;
  do {
    const page = await platform.sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, nextToken }));
    for (const { stateEnteredEventDetails: entered, stateExitedEventDetails: exited } of page.events!)
      largestStateBytes = Math.max(largestStateBytes, bytes(entered?.input), bytes(exited?.output));
    historyEvents += page.events!.length;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return { historyEvents, largestStateBytes };
}

const bytes = (text: string | undefined) => Buffer.byteLength(text ?? '');
