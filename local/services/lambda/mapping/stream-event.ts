/** A record as GetRecords gives it. */
export interface StreamRecord {
  readonly eventID: string;
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: Date;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly [member: string]: unknown;
  };
  readonly userIdentity?: { readonly PrincipalId: string; readonly Type: string };
}

/** A record as Lambda hands it to a handler: times in seconds, the identity in small letters. */
export function streamEvent({ userIdentity, dynamodb, ...record }: StreamRecord, streamArn: string) {
  return {
    ...record,
    dynamodb: { ...dynamodb, ApproximateCreationDateTime: dynamodb.ApproximateCreationDateTime.getTime() / 1000 },
    ...(userIdentity && { userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId } }),
    eventSourceARN: streamArn,
  };
}

export type StreamEvent = ReturnType<typeof streamEvent>;

export const sequenceOf = ({ dynamodb }: { readonly dynamodb: { readonly SequenceNumber: string } }) =>
  dynamodb.SequenceNumber;
