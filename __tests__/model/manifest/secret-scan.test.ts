import { generateKeyPairSync, randomBytes } from 'node:crypto';

import { refuseSecrets, scanForSecrets } from '../../../lib/model/manifest/secret-scan/secret-scan';

/** Texts that look like tokens are put together here, so that no scanner takes this file for a leak. */
const token = (prefix: string, rest: string): string => `${prefix}${rest}`;
const letters = 'aB3dE5fG7hJ9kL2mN4pQ6rS8tU1vW0xYzAbCdEfGhIjKlMnOpQrStUvWxYz0123456789';
const hex = '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0aabbccdd';
const jwt = (header: object): string =>
  [JSON.stringify(header), JSON.stringify({ iss: 'kubernetes/serviceaccount' }), letters.slice(0, 43)]
    .map((part, index) => (index < 2 ? Buffer.from(part).toString('base64url') : part))
    .join('.');

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const pem = (key: typeof rsa.privateKey, type: 'pkcs1' | 'pkcs8' | 'sec1'): string =>
  String(key.export({ type, format: 'pem' } as never));
const encrypted = String(
  ed.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }),
);
const publicPem = String(rsa.publicKey.export({ type: 'spki', format: 'pem' }));
const indented = (text: string): string => text.trimEnd().replaceAll('\n', '\n    ');
const marks = (label: string, body: string): string => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

const secrets: Readonly<Record<string, readonly [file: string, content: string]>> = {
  'an RSA key': ['tls.pem', pem(rsa.privateKey, 'pkcs1')],
  'a PKCS #8 key': ['tls.pem', pem(ed.privateKey, 'pkcs8')],
  'an EC key': ['tls.pem', pem(ec.privateKey, 'sec1')],
  'a key with a password': ['tls.pem', encrypted],
  'a key beside a certificate': ['tls.pem', `${marks('CERTIFICATE', letters)}${pem(ec.privateKey, 'sec1')}`],
  'the form of a key': ['ca.pem', marks('PRIVATE KEY', 'bm90IGEgcmVhbCBrZXksIG9ubHkgaXRzIGZvcm0=')],
  'a key of OpenSSH': ['deploy', marks('OPENSSH PRIVATE KEY', `b3BlbnNzaC1rZXktdjEA${letters}`)],
  'a key of PGP': ['key.asc', marks('PGP PRIVATE KEY BLOCK', `Version: GnuPG v2\n\n${letters}\n=aB3d`)],
  'a key with headers': ['k.pem', marks('RSA PRIVATE KEY', `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES,00\n\n${letters}`)],
  'a key that is cut off': ['k.pem', `-----BEGIN RSA PRIVATE KEY-----\n${letters}\n`],
  'a key in a block of YAML': ['map.yaml', `data:\n  key: |\n    ${indented(pem(ec.privateKey, 'sec1'))}\nmore: x\n`],
  'a key in JSON': ['key.json', JSON.stringify({ private_key_id: 'x', private_key: pem(rsa.privateKey, 'pkcs8') })],
  'a key that is commented out': ['a.yaml', `# ${pem(ec.privateKey, 'sec1').trimEnd().replaceAll('\n', '\n# ')}\n`],
  'a key in one line': ['a.env', `KEY="${pem(ec.privateKey, 'sec1').trimEnd().replaceAll('\n', ' ')}"`],
  'a key in base64': ['kubeconfig', `client-key-data: ${Buffer.from(pem(ec.privateKey, 'sec1')).toString('base64')}`],
  "PuTTY's key": ['key.ppk', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n'],
  'a key of age': [
    'keys.txt',
    token('AGE-SECRET-KEY-1', 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE6'),
  ],
  'a token of GitLab': ['a.yaml', `token: ${token('glpat-', letters.slice(0, 20))}`],
  'a longer token of GitLab': ['a.yaml', token('glpat-', `${letters.slice(0, 27)}.01.0aB3dE5fG`.toLowerCase())],
  'a deploy token of GitLab': ['a.yaml', token('gldt-', letters.slice(0, 20))],
  'a runner token of GitLab': ['a.yaml', token('glrt-t1_', letters.slice(0, 20))],
  'an agent token of GitLab': ['a.yaml', token('glagent-', letters.slice(0, 50))],
  'a token of GitHub': ['a.yaml', token('ghp_', letters.slice(0, 36))],
  'a fine token of GitHub': ['a.yaml', token('github_pat_', `${letters}${letters}`.slice(0, 82))],
  'a key of AWS': ['a.yaml', `aws_secret_access_key: ${token('wJalrXUt', letters.slice(0, 32))}`],
  'a key of Google': ['a.yaml', token('AIza', letters.slice(0, 35))],
  'a token of Slack': ['a.yaml', token('xoxb-', '123456789012-1234567890123-aB3dE5fG7hJ9kL2mN4pQ6rS8')],
  'a webhook of Slack': [
    'a.yaml',
    `https://hooks.slack.com/services/${token('T', '01234567/B01234567/aB3dE5fG7hJ9kL2mN4pQ6rS8')}`,
  ],
  'a token of npm': ['.npmrc', `//registry.npmjs.org/:_authToken=${token('npm_', letters.slice(0, 36))}`],
  'a token of Docker Hub': ['a.yaml', token('dckr_pat_', letters.slice(0, 27))],
  'a token of Vault': ['a.yaml', token('hvs.', letters.slice(0, 40))],
  'a token of DigitalOcean': ['a.yaml', token('dop_v1_', hex.slice(0, 64))],
  'a key of Stripe': ['a.yaml', token('sk_live_', letters.slice(0, 24))],
  'a key of SendGrid': ['a.yaml', token('SG.', `${letters.slice(0, 22)}.${letters.slice(0, 43)}`)],
  'a token of Grafana': ['a.yaml', token('glsa_', `${letters.slice(0, 32)}_${hex.slice(0, 8)}`)],
  'a token of Kubernetes': ['a.yaml', `token: ${jwt({ alg: 'RS256', kid: 'x' })}`],
  'an address with a password': ['a.yaml', 'url: https://bob:Tr0ub4dor3@git.example.com/x.git'],
  'a database with a password': ['a.yaml', 'url: postgres://app:Tr0ub4dor3@db.example.com:5432/app'],
  "a registry's password": [
    'config.json',
    `{"auths":{"r":{"auth":"${Buffer.from('bob:Tr0ub4dor3').toString('base64')}"}}}`,
  ],
  'a password in .env': ['.env', 'LEVEL=info\nDB_PASSWORD=hunter2\n'],
  'a token in .env.production': ['deploy/.env.production', 'export API_TOKEN="hunter2!"\n'],
  'a password in a generator': ['app.env', 'LEVEL=info\nSMTP_PASSWORD=hunter2\n'],
  'a file of SSH': ['.ssh/id_rsa', 'whatever it is'],
  'a file of passwords': ['.netrc', 'machine gitlab.example.com login bob password hunter2'],
};

const harmless: Readonly<Record<string, readonly [file: string, content: string]>> = {
  'a certificate': ['ca.pem', marks('CERTIFICATE', `MII${letters}`)],
  'a certificate in base64': [
    'kubeconfig',
    `ca: ${Buffer.from(marks('CERTIFICATE', `MII${letters}`)).toString('base64')}`,
  ],
  'a public key': ['key.pem', publicPem],
  'a public key of SSH': ['id_ed25519.pub', `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${letters.slice(0, 43)} bob@laptop`],
  'known hosts': ['known_hosts', `github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${letters.slice(0, 43)}`],
  'a key of age to encrypt for': ['.sops.yaml', 'age: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'],
  'a message of PGP': ['a.asc', marks('PGP MESSAGE', `\nhQEMA${letters}\n=aB3d`)],
  hashes: ['a.yaml', `sha256: ${hex.slice(0, 64)}\nimage: web@sha256:${hex.slice(0, 64)}\nmd5: ${hex.slice(0, 32)}`],
  'hashes of passwords': [
    'htpasswd',
    'bob:$apr1$aB3dE5fG$kL2mN4pQ6rS8tU1vW0xYz/\nalice:$2y$10$abcdefghijklmnopqrstuuW0xYzAbCdEfGhIjKlMnOpQrStUvWxYz01',
  ],
  UUIDs: ['a.yaml', 'token: 123e4567-e89b-12d3-a456-426614174000'],
  'a picture in base64': ['a.yaml', `logo: data:image/png;base64,${Buffer.from(hex.repeat(40)).toString('base64')}`],
  'ciphertext of SOPS': [
    's.yaml',
    'stringData:\n  password: ENC[AES256_GCM,data:Zm9v,iv:aaaa,tag:bbbb,type:str]\nsops:\n  mac: ENC[x]',
  ],
  'a dotenv file of SOPS': ['.env', 'DB_PASSWORD=ENC[AES256_GCM,data:Zm9v,iv:aaaa,tag:bbbb,type:str]\nsops_mac=ENC[x]'],
  'a key that SOPS encrypted': ['id_rsa', '{"data": "ENC[AES256_GCM,data:Zm9v]", "sops": {}}'],
  'placeholders of Flux': ['s.yaml', 'url: https://${GIT_USERNAME}:${GIT_PASSWORD}@git.example.com\nk: ${TLS_KEY}'],
  'a placeholder for a key': ['k.yaml', marks('RSA PRIVATE KEY', '${KEY}')],
  'words in place of a key': ['README.md', marks('PRIVATE KEY', 'put the key of your server here, all of it')],
  'words of letters in place of a key': [
    'README.md',
    marks('PRIVATE KEY', 'put the key of your own server here please'),
  ],
  'dots in place of a key': ['README.md', marks('RSA PRIVATE KEY', 'MIIEpAIBAAKCAQEA...')],
  'the mark of a key alone': ['check.sh', 'grep -q "-----BEGIN PRIVATE KEY-----" "$1" && exit 1\necho fine\n'],
  'an example of a token': [
    'README.md',
    'GITLAB_TOKEN=glpat-xxxxxxxxxxxxxxxxxxxx, ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  ],
  "AWS's own example": ['a.md', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
  'a name that begins like a token': ['a.yaml', 'secretName: glpat-token-of-the-fleet-project'],
  'a token without a signature': ['a.yaml', jwt({ alg: 'none' })],
  'an address without a password': ['a.yaml', 'url: https://git@gitlab.example.com/x.git, http://localhost:8080/'],
  'settings in .env': [
    '.env',
    'LOG_LEVEL=info\nTOKEN_URL=https://a.example.com\nDB_PASSWORD=\nDB_PASSWORD_FILE=/run/x\n',
  ],
  'references in .env': [
    '.env',
    'DB_PASSWORD=${DB_PASSWORD}\nAPI_TOKEN=op://vault/item\nAPI_KEY=changeme\nUSE_TOKEN=true',
  ],
  'an example of .env': ['.env.example', 'DB_PASSWORD=hunter2'],
  'names of keys': ['a.yaml', 'passwordKey: password\nexistingSecret: web\nsecretKeyRef: { name: web, key: token }'],
  'a lock file': ['package-lock.json', `{"integrity": "sha512-${Buffer.from(hex).toString('base64')}"}`],
  'an empty key file': ['id_rsa', ''],
};

describe('what looks like a secret', () => {
  test.each(Object.entries(secrets))('is found: %s', (_, [file, content]) => {
    expect(scanForSecrets(file, content).secrets).toHaveLength(1);
  });

  test.each(Object.entries(harmless))('is not: %s', (_, [file, content]) => {
    expect(scanForSecrets(file, content).secrets).toEqual([]);
  });

  test('has a line, a column and a kind', () => {
    const content = `a: b\nc: ${token('glpat-', letters.slice(0, 20))}\n`;
    expect(scanForSecrets('a.yaml', content).secrets).toEqual([{ kind: 'a GitLab token', line: 2, column: 4 }]);
  });

  test('is found in bytes that are no UTF-8, and in UTF-16', () => {
    const text = `caf\u00e9: ${token('glpat-', letters.slice(0, 20))}`;
    expect(scanForSecrets('a.txt', Buffer.from(text, 'latin1')).secrets).toHaveLength(1);
    expect(scanForSecrets('a.txt', Buffer.from(`\ufeff${text}`, 'utf16le')).secrets).toHaveLength(1);
  });

  test('is found in binary forms of keys, and not in other bytes', () => {
    const der = (type: 'pkcs8' | 'sec1'): Buffer => ec.privateKey.export({ type, format: 'der' });
    const store = Buffer.concat([Buffer.from('feedfeed000000020000000100000001', 'hex'), randomBytes(40)]);
    const bag = Buffer.concat([
      Buffer.from('3082ffff', 'hex'),
      Buffer.from('060b2a864886f70d010c0a0102', 'hex'),
      randomBytes(40),
    ]);
    for (const bytes of [
      der('pkcs8'),
      der('sec1'),
      rsa.privateKey.export({ type: 'pkcs1', format: 'der' }),
      store,
      bag,
    ]) {
      expect(scanForSecrets('key.bin', bytes).secrets).toHaveLength(1);
    }

    const trust = Buffer.concat([Buffer.from('feedfeed000000020000000100000002', 'hex'), randomBytes(40)]);
    for (const bytes of [rsa.publicKey.export({ type: 'spki', format: 'der' }), trust, randomBytes(4000)]) {
      expect(scanForSecrets('key.bin', bytes).secrets).toEqual([]);
    }
  });
});

describe('a comment', () => {
  const line = `token: ${token('glpat-', letters.slice(0, 20))}`;
  test.each([
    ['in the same line', `${line} # secretlint-disable-line`],
    ['in the same line, with a reason', `${line} # secretlint-disable-line -- revoked`],
    ['in the line before', `# secretlint-disable-next-line\n${line}`],
    ['above', `# secretlint-disable\n${line}\n`],
    ['of this kind', `${line} # secretlint-disable-line gitlab`],
  ])('%s allows what only looks like a secret', (_, content) => {
    expect(scanForSecrets('a.yaml', content).secrets).toEqual([]);
  });

  test.each([
    ['in another line', `# secretlint-disable-line\n\n${line}`],
    ['that ends before', `# secretlint-disable\n# secretlint-enable\n${line}`],
    ['of another kind', `${line} # secretlint-disable-line age`],
  ])('%s allows nothing', (_, content) => {
    expect(scanForSecrets('a.yaml', content).secrets).toHaveLength(1);
  });

  test('tells what it allows, for files to which the text is copied', () => {
    const key = pem(ec.privateKey, 'sec1');
    const { allowed } = scanForSecrets('fleet.yaml', `# secretlint-disable-next-line\nkey: ${JSON.stringify(key)}\n`);
    expect(scanForSecrets('x.yaml', `key: |\n  ${key.replaceAll('\n', '\n  ')}`).secrets).toHaveLength(1);
    expect(scanForSecrets('x.yaml', `key: |\n  ${key.replaceAll('\n', '\n  ')}`, allowed).secrets).toEqual([]);
  });
});

test.each(Object.entries(secrets))('the message about %s holds nothing of it', (_, [path, content]) => {
  const refuse = (): void =>
    refuseSecrets('kustomize base', 'directory', [{ path, content }], [], (file) => `deploy/${file}`);
  expect(refuse).toThrow(`deploy/${path}:`);
  const words = content.split(/[\s":=/@.]+/).filter((word) => word.length > 5 && !path.includes(word));
  try {
    refuse();
  } catch (error) {
    const message = (error as Error).message.replace(`deploy/${path}`, '');
    expect(words.filter((word) => message.includes(word) && !/^(secret|private|address|password)/i.test(word))).toEqual(
      [],
    );
  }
});
