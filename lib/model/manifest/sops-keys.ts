import { type ErrorPlace, type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';
import { type Fields, isFields } from './fields';
import { parseYamlDocuments } from './yaml';

/** Keys of a file of SOPS of which one is enough. */
interface KeyGroup {
  /** Public keys of age. */
  readonly recipients: readonly string[];
  /** Whether there are keys of another kind too: PGP, a cloud's key service, Vault. */
  readonly hasOthers: boolean;
}

/** With which keys a file of SOPS can be decrypted. */
export interface SopsKeys {
  /** The groups of keys; most files have one. */
  readonly groups: readonly KeyGroup[];
  /** Of how many groups a key is needed. */
  readonly needed: number;
}

const OTHERS = ['pgp', 'kms', 'gcp_kms', 'azure_kv', 'hc_vault', 'hckms'];

/**
 * The keys of a file that SOPS encrypted, in any of its formats: YAML, JSON, dotenv, INI, or binary, which is JSON.
 *
 * @param place - where the file is, for the message
 * @throws ValidationError when it has none of these formats
 * @see https://github.com/getsops/sops#encryption-protocol
 */
export function sopsKeysOf(place: ErrorPlace, content: string): SopsKeys {
  const flat = flatKeys(content);
  if (flat !== undefined) return { groups: [flat], needed: 1 };
  const [metadata = {}] = parseYamlDocuments(content, place)
    .map((document) => (document as Fields | null)?.['sops'])
    .filter(isFields);
  const { key_groups: groups, shamir_threshold: threshold } = metadata;
  const all = Array.isArray(groups) && groups.length > 0 ? groups.filter(isFields) : [metadata];
  return { groups: all.map(groupOf), needed: typeof threshold === 'number' ? threshold : all.length };
}

/** Whether somebody who has these keys of age may be able to decrypt a file. Nobody knows here about keys of other kinds. */
export function mayDecrypt({ groups, needed }: SopsKeys, recipients: readonly string[]): boolean {
  const open = groups.filter((group) => group.hasOthers || group.recipients.some((each) => recipients.includes(each)));
  return open.length >= needed;
}

/**
 * Refuses what is no public key of age.
 *
 * @param recipients - for example `age1…`; an SSH key is one too
 */
export function checkRecipients(at: ErrorThing, prop: PropPath, recipients: readonly string[]): void {
  const wrong = recipients.find((each) => !/^age1[02-9ac-hj-np-z]{20,}$|^ssh-(ed25519|rsa) \S+/.test(each));
  if (wrong === undefined && recipients.length > 0) return;
  // Whoever takes one for the other has pasted a private key.
  const got = wrong === undefined ? recipients : wrong.startsWith('AGE-') ? 'a private key' : wrong;
  throw new ValidationError({ at, prop, got, want: 'public keys of age, age1…, as age-keygen -y prints them' });
}

/** In dotenv and INI, SOPS writes lists and maps into the names: `sops_age__list_0__map_recipient`. */
function flatKeys(content: string): KeyGroup | undefined {
  const name = (kinds: string): RegExp => new RegExp(`^(?:sops_)?(?:${kinds})__list_\\d+__map_\\w+\\s*=`, 'm');
  const recipients = [...content.matchAll(/^(?:sops_)?age__list_\d+__map_recipient\s*=\s*(\S+)/gm)].map(
    ([, recipient = '']) => recipient,
  );
  const hasOthers = name(OTHERS.join('|')).test(content);
  return recipients.length === 0 && !hasOthers ? undefined : { recipients, hasOthers };
}

function groupOf(fields: Fields): KeyGroup {
  const entries = (kind: string): readonly unknown[] => {
    const value = fields[kind];
    return Array.isArray(value) ? value : [];
  };
  return {
    recipients: entries('age').map((entry) => String((entry as Fields | null)?.['recipient'])),
    hasOthers: OTHERS.some((kind) => entries(kind).length > 0),
  };
}
