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

/** Whether a call is a delivery of a stream, whose order is kept whatever happens. */
export function isStreamDelivery({ service, operation }: InterceptedCall): boolean {
  return service === 'lambda' && operation === 'StreamDelivery';
}

/** Whether a call is a delivery of a FIFO queue, which is once and in order, whatever happens. */
export function isFifoDelivery({ service, operation, input }: InterceptedCall): boolean {
  return service === 'sqs' && operation === 'ReceiveMessage' && String(input?.QueueUrl).endsWith('.fifo');
}
