import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { AwsError } from '../../aws-error.ts';
import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';

export interface Key {
  readonly id: string;
  readonly description: string;
  readonly policy: string;
  /** 32 bytes as base64. */
  readonly material: string;
  readonly enabled: boolean;
  readonly rotating: boolean;
  /** `AWS` for the keys that services make for themselves. */
  readonly manager: 'AWS' | 'CUSTOMER';
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly deletionAt?: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Alias {
  /** With `alias/` in front. */
  readonly name: string;
  readonly keyId: string;
  readonly createdAt: number;
}

export const notFound = (message: string) => new AwsError('NotFoundException', message);

const ivBytes = 12;
const tagBytes = 16;
const idBytes = 16;

/** Keys and aliases, and what keys do. */
export class Keys {
  readonly #keys: Collection<Key>;
  readonly #aliases: Collection<Alias>;
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#keys = cloud.store.collection('kms.keys');
    this.#aliases = cloud.store.collection('kms.aliases');
  }

  arn(id: string): string {
    return `arn:aws:kms:${this.#cloud.region}:${this.#cloud.accountId}:key/${id}`;
  }

  aliasArn(name: string): string {
    return `arn:aws:kms:${this.#cloud.region}:${this.#cloud.accountId}:${name}`;
  }

  all(): Key[] {
    return [...this.#keys.values()].filter((key) => !this.#isGone(key)).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  aliases(): Alias[] {
    return [...this.#aliases.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  findAlias(name: string): Alias | undefined {
    return this.#aliases.get(name);
  }

  setAlias(alias: Alias): void {
    this.#aliases.set(alias.name, alias);
  }

  deleteAlias(name: string): void {
    this.#aliases.delete(name);
  }

  set(key: Key): void {
    this.#keys.set(key.id, key);
  }

  create(settings: Partial<Key> & { policy?: string }): Key {
    const key: Key = {
      id: randomUUID(),
      description: settings.description ?? '',
      policy: settings.policy ?? defaultPolicy(this.#cloud.accountId),
      material: randomBytes(32).toString('base64'),
      enabled: true,
      rotating: false,
      manager: settings.manager ?? 'CUSTOMER',
      createdAt: this.#cloud.clock.now(),
      tags: settings.tags ?? {},
    };
    this.set(key);
    return key;
  }

  /** The id of the key that an id, ARN, alias or alias ARN names; undefined where there is none. */
  idOf(name: unknown): string | undefined {
    const text = String(name ?? '');
    const local = text.startsWith('arn:') ? text.split(':').slice(5).join(':') : text;
    if (!local.startsWith('alias/')) return local.replace(/^key\//, '');
    return this.#aliases.get(local)?.keyId ?? this.#managedKey(local)?.id;
  }

  /** The key of an id, ARN or alias. Throws NotFoundException. */
  get(name: unknown): Key {
    const id = this.idOf(name);
    const key = id === undefined ? undefined : this.#keys.get(id);
    if (key && !this.#isGone(key)) return key;
    const text = String(name);
    if (text.includes('alias/'))
      throw notFound(`Alias ${text.startsWith('arn:') ? text : this.aliasArn(text)} is not found.`);
    throw notFound(`Key '${text.startsWith('arn:') ? text : this.arn(text)}' does not exist`);
  }

  /** A key that may be used. Throws where it is disabled or about to be deleted. */
  usable(name: unknown): Key {
    const key = this.get(name);
    if (key.deletionAt !== undefined) {
      throw new AwsError('KMSInvalidStateException', `${this.arn(key.id)} is pending deletion.`);
    }
    if (!key.enabled) throw new AwsError('DisabledException', `${this.arn(key.id)} is disabled.`);
    return key;
  }

  /** The key id in front tells which key decrypts; the context must be the same again. */
  encrypt(key: Key, plaintext: Uint8Array, context: EncryptionContext): Buffer {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), iv);
    cipher.setAAD(contextBytes(context));
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return Buffer.concat([Buffer.from(key.id.replaceAll('-', ''), 'hex'), iv, cipher.getAuthTag(), sealed]);
  }

  decrypt(ciphertext: Buffer, context: EncryptionContext): { key: Key; plaintext: Buffer } {
    const id = this.keyIdIn(ciphertext);
    if (id === undefined || !this.#keys.has(id)) throw invalidCiphertext();
    const key = this.usable(id);
    const iv = ciphertext.subarray(idBytes, idBytes + ivBytes);
    const tag = ciphertext.subarray(idBytes + ivBytes, idBytes + ivBytes + tagBytes);
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), iv);
    decipher.setAAD(contextBytes(context));
    decipher.setAuthTag(tag);
    try {
      const sealed = ciphertext.subarray(idBytes + ivBytes + tagBytes);
      return { key, plaintext: Buffer.concat([decipher.update(sealed), decipher.final()]) };
    } catch {
      throw invalidCiphertext();
    }
  }

  /** The key that a ciphertext was made with; undefined where it is too short to be one. */
  keyIdIn(ciphertext: Buffer): string | undefined {
    if (ciphertext.length < idBytes + ivBytes + tagBytes) return undefined;
    const hex = ciphertext.subarray(0, idBytes).toString('hex');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  /** Aliases such as `alias/aws/ssm` come to be with their first use. */
  #managedKey(alias: string): Key | undefined {
    const service = /^alias\/aws\/([a-z0-9]+)$/.exec(alias)?.[1];
    if (service === undefined) return undefined;
    const key = this.create({
      manager: 'AWS',
      policy: managedPolicy(service, this.#cloud),
      description: `Default key that protects the data of ${service} when no other key is defined`,
    });
    this.setAlias({ name: alias, keyId: key.id, createdAt: key.createdAt });
    return key;
  }

  #isGone({ deletionAt }: Key): boolean {
    return deletionAt !== undefined && deletionAt <= this.#cloud.clock.now();
  }
}

export type EncryptionContext = Readonly<Record<string, string>> | undefined;

const invalidCiphertext = () => new AwsError('InvalidCiphertextException', 'The ciphertext is not valid');

function contextBytes(context: EncryptionContext): Buffer {
  const sorted = Object.entries(context ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(sorted));
}

function defaultPolicy(accountId: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
}

/** What keys of services allow: everybody in the account may use them, but by way of the service only. */
function managedPolicy(service: string, { accountId, region }: Cloud): string {
  const condition = { 'kms:CallerAccount': accountId, 'kms:ViaService': `${service}.${region}.amazonaws.com` };
  return JSON.stringify({
    Version: '2012-10-17',
    Id: `auto-${service}`,
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:CreateGrant',
          'kms:DescribeKey',
        ],
        Resource: '*',
        Condition: { StringEquals: condition },
      },
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*'],
        Resource: '*',
      },
    ],
  });
}
