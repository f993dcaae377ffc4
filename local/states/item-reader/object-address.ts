/** An object in S3, or a whole bucket, as `Map.Item.Source` names it. */
export const objectAddress = (bucket: string, key?: string) =>
  key === undefined ? `s3://${bucket}` : `s3://${bucket}/${key}`;
