/** Lets go of an answer that nobody will read: a stream in it would hold its file, or its function. */
export function discardAnswer(output: any): void {
  for (const stream of [output?.Body, output?.EventStream]) stream?.destroy?.();
}
