import type { InterceptedCall } from '../cloud.ts';

/** Lets received messages come into sight again after so many seconds, whatever their receiver does meanwhile. */
export async function showAgain(
  { input, follow }: InterceptedCall,
  messages: readonly { readonly ReceiptHandle: string }[],
  seconds: number,
): Promise<void> {
  for (const { ReceiptHandle } of messages) {
    const change = { QueueUrl: input.QueueUrl, ReceiptHandle, VisibilityTimeout: seconds };
    await follow('ChangeMessageVisibility', change);
  }
}
