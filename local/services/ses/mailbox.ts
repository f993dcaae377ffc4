import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';

/** A mail that was sent. Where it lies is told by its id: `<MessageId>.eml` in the folder of SES. */
export interface SentEmail {
  readonly MessageId: string;
  /** ISO 8601. */
  readonly Timestamp: string;
  readonly FromEmailAddress: string;
  readonly Destination: {
    readonly ToAddresses: readonly string[];
    readonly CcAddresses: readonly string[];
    readonly BccAddresses: readonly string[];
  };
  readonly ReplyToAddresses: readonly string[];
  readonly Subject: string;
  readonly EmailTags: readonly { readonly Name: string; readonly Value: string }[];
  readonly Kind: 'Simple' | 'Raw';
}

/** Where all mail lands: a folder with a file for the mail as it would have gone out, and one that describes it. */
export class Mailbox {
  readonly folder: string;
  readonly #sent: Collection<SentEmail>;

  constructor(cloud: Cloud) {
    this.folder = cloud.store.folder('ses');
    this.#sent = cloud.store.collection('ses.sent');
  }

  add(email: SentEmail, mail: Buffer): void {
    writeFileSync(this.file(email), mail);
    writeFileSync(join(this.folder, `${email.MessageId}.json`), `${JSON.stringify(email, null, 2)}\n`);
    this.#sent.set(email.MessageId, email);
  }

  get size(): number {
    return this.#sent.size;
  }

  /** In the order that they were sent in. */
  all(): SentEmail[] {
    return [...this.#sent.values()].sort((a, b) => (a.MessageId < b.MessageId ? -1 : 1));
  }

  /** The mail itself. */
  file({ MessageId }: Pick<SentEmail, 'MessageId'>): string {
    return join(this.folder, `${MessageId}.eml`);
  }
}
