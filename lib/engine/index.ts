export type { ChunkRequest, ChunkResult, InputFile, OutputFile, QualityMeasure, StepCount } from './chunk.ts';
export { type ExecuteRequest, executeChunk } from './chunk-run.ts';
export type { Components } from './components.ts';
export { inspectFile, type RowGroup } from './inspect.ts';
export { type FilesRequest, measureQuality } from './quality/measure-files.ts';
export { type SampleRequest, type SampleRow, sampleQuality } from './quality/sample-files.ts';
export { QueryInvalidError, type QueryResult, type QueryTable, queryTables } from './query.ts';
export { captureReference, type ReferenceRequest } from './reference.ts';
