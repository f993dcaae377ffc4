import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../../service.ts';
import type { Collection } from '../../../store.ts';
import { type Message, textFor } from '../message.ts';
import type { Subscription } from '../state.ts';
import { notification } from './notification.ts';

/** A mail that a subscriber got. */
export interface SentMail {
  /** ISO 8601. */
  readonly Timestamp: string;
  readonly To: string;
  readonly TopicArn: string;
  readonly Subject: string;
  /** Where it lies. */
  readonly File: string;
}

/** Where the mails of topics land, for none leaves this machine: a folder with a file for each. */
export class Mailbox {
  readonly #cloud: Cloud;
  readonly #folder: string;
  readonly #sent: Collection<SentMail>;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#folder = cloud.store.folder('sns');
    this.#sent = cloud.store.collection('sns.mails');
  }

  /** Lays down one that was delivered before once more in the same place. */
  add(message: Message, subscription: Subscription): void {
    const { id, topicArn, at, subject = 'AWS Notification Message' } = message;
    const Timestamp = new Date(at).toISOString();
    const name = `${Timestamp.replaceAll(':', '-')}-${id}-${subscription.arn.slice(-12)}`;
    const File = join(this.#folder, `${name}.eml`);
    const asJson = subscription.protocol === 'email-json';
    const text = asJson ? notification(message, subscription, this.#cloud) : textFor(message, subscription.protocol);
    const lines = [
      'From: AWS Notifications <no-reply@sns.amazonaws.com>',
      `To: ${subscription.endpoint}`,
      `Subject: ${subject}`,
      `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <${id}@sns.amazonaws.com>`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=UTF-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      ...text.split(/\r?\n/),
      '',
    ];
    writeFileSync(File, lines.join('\r\n'));
    this.#sent.set(name, { Timestamp, To: subscription.endpoint, TopicArn: topicArn, Subject: subject, File });
  }

  /** Oldest first. */
  all(): readonly SentMail[] {
    return [...this.#sent.values()].sort((a, b) => (a.File < b.File ? -1 : 1));
  }
}
