import { type FoundSecret, isPlaceholder } from './found-secret';

interface TokenPattern {
  readonly rule: string;
  readonly kind: string;
  /** A text that is in everything that the pattern finds: looking for it costs a fraction of the pattern. */
  readonly mark: string;
  /** Its first group, if it has one, is the secret itself. */
  readonly pattern: RegExp;
}

/**
 * Tokens that can be told by their form, and that secretlint's recommended rules do not know. Forms as their makers say
 * them; several are those of gitleaks.
 *
 * @see https://docs.gitlab.com/security/tokens/#token-prefixes
 * @see https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml
 */
const PATTERNS: readonly TokenPattern[] = [
  {
    rule: 'gitlab',
    kind: 'a GitLab token',
    mark: '-',
    pattern:
      /(?<![A-Za-z0-9_])(?:gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|wt|soat|ffct)-|GR1348941)((?![a-z]+(?:[-_][a-z]+)+(?![\w-]))[\w-]{20,}(?:\.[0-9a-z]{2}\.?[0-9a-z]{7})?)/g,
  },
  {
    rule: 'gitlab',
    kind: "a GitLab agent's token",
    mark: 'glagent-',
    pattern: /(?<![A-Za-z0-9_])glagent-([\w-]{40,})/g,
  },
  { rule: 'age', kind: 'a key of age', mark: 'AGE-SECRET-KEY-', pattern: /AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{50,}/g },
  { rule: 'google', kind: 'a Google API key', mark: 'AIza', pattern: /(?<![\w-])AIza([\w-]{35})(?![\w-])/g },
  {
    rule: 'google',
    kind: 'a Google client secret',
    mark: 'GOCSPX-',
    pattern: /(?<![\w-])GOCSPX-([\w-]{28})(?![\w-])/g,
  },
  { rule: 'docker', kind: 'a Docker Hub token', mark: 'dckr_', pattern: /(?<!\w)dckr_(?:pat|oat)_([\w-]{27,})/g },
  { rule: 'vault', kind: 'a Vault token', mark: 'hv', pattern: /(?<![\w.])hv[sbr]\.([\w-]{24,})/g },
  {
    rule: 'terraform',
    kind: 'a Terraform token',
    mark: '.atlasv1.',
    pattern: /(?<!\w)[A-Za-z0-9]{14}\.atlasv1\.([\w-]{60,})/g,
  },
  { rule: 'pypi', kind: 'a PyPI token', mark: 'pypi-AgE', pattern: /(?<!\w)pypi-AgE([\w-]{50,})/g },
  {
    rule: 'digitalocean',
    kind: 'a DigitalOcean token',
    mark: '_v1_',
    pattern: /(?<!\w)do[opr]_v1_([a-f0-9]{64})(?!\w)/g,
  },
  { rule: 'stripe', kind: 'a Stripe key', mark: 'k_live_', pattern: /(?<!\w)(?:sk|rk)_live_([A-Za-z0-9]{16,})/g },
  {
    rule: 'grafana',
    kind: 'a Grafana token',
    mark: 'glsa_',
    pattern: /(?<!\w)glsa_([A-Za-z0-9]{32}_[A-Fa-f0-9]{8})(?!\w)/g,
  },
  { rule: 'grafana', kind: 'a Grafana Cloud token', mark: 'glc_eyJ', pattern: /(?<!\w)glc_(eyJ[A-Za-z0-9+/]{30,})/g },
  { rule: 'huggingface', kind: 'a Hugging Face token', mark: 'hf_', pattern: /(?<!\w)hf_([A-Za-z]{34})(?!\w)/g },
  { rule: 'telegram', kind: 'a Telegram token', mark: ':AA', pattern: /(?<!\w)\d{8,10}:AA([\w-]{33})(?![\w-])/g },
  {
    rule: 'discord',
    kind: 'a Discord webhook',
    mark: '/api/webhooks/',
    pattern: /https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/([\w-]{60,})/g,
  },
  {
    rule: 'azure',
    kind: 'an Azure key',
    mark: 'Key=',
    pattern: /(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/]{43,86}={1,2})/g,
  },
  { rule: 'databricks', kind: 'a Databricks token', mark: 'dapi', pattern: /(?<!\w)dapi([a-f0-9]{32})(?!\w)/g },
  {
    rule: 'tailscale',
    kind: 'a Tailscale key',
    mark: 'tskey-',
    pattern: /(?<!\w)tskey-[a-z]+-([A-Za-z0-9]+-[A-Za-z0-9]{20,})/g,
  },
  { rule: 'newrelic', kind: 'a New Relic key', mark: 'NRAK-', pattern: /(?<!\w)NRAK-([A-Z0-9]{27})(?!\w)/g },
  { rule: 'atlassian', kind: 'an Atlassian token', mark: '3xFfG', pattern: /(?<!\w)AT(?:ATT|CTT)3xFfG([\w=-]{100,})/g },
  { rule: 'rubygems', kind: 'a RubyGems key', mark: 'rubygems_', pattern: /(?<!\w)rubygems_([a-f0-9]{48})(?!\w)/g },
  { rule: 'doppler', kind: 'a Doppler token', mark: 'dp.', pattern: /(?<![\w.])dp\.(?:pt|st|ct|sa)\.([\w.-]{40,})/g },
  { rule: 'pulumi', kind: 'a Pulumi token', mark: 'pul-', pattern: /(?<!\w)pul-([a-f0-9]{40})(?!\w)/g },
  { rule: 'sentry', kind: 'a Sentry token', mark: 'sntry', pattern: /(?<!\w)sntry[su]_([\w=/+-]{60,})/g },
  { rule: 'slack', kind: 'a Slack token', mark: 'xapp-', pattern: /(?<!\w)xapp-\d-([A-Z0-9]+-\d+-[a-f0-9]{32,})/g },
  {
    rule: 'wireguard',
    kind: 'a key of WireGuard',
    mark: 'PrivateKey',
    pattern: /^\s*PrivateKey\s*=\s*([A-Za-z0-9+/]{43}=)\s*$/gm,
  },
];

/** The one that every page about such tokens shows. */
const EXAMPLE_SIGNATURE = 'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c';
const JSON_WEB_TOKEN = /(?<![\w.-])(eyJ[\w-]{10,})\.eyJ[\w-]{10,}\.([\w-]{20,})/g;
/** The credential of a registry, as in a Docker configuration. */
const REGISTRY_AUTH = /\\?"auth\\?"\s*:\s*\\?"([A-Za-z0-9+/]{8,}={0,2})\\?"/g;

/** The tokens in a text. */
export function tokensIn(content: string): readonly FoundSecret[] {
  return [
    ...PATTERNS.filter(({ mark }) => content.includes(mark)).flatMap(({ rule, kind, pattern }) =>
      found(content, rule, kind, pattern, ([all, secret = all]) => !isPlaceholder(secret)),
    ),
    ...found(
      content,
      'jwt',
      'a JSON Web Token',
      JSON_WEB_TOKEN,
      ([, header = '', signature]) => signature !== EXAMPLE_SIGNATURE && /"alg"\s*:\s*"(?!none)/.test(decoded(header)),
    ),
    ...found(content, 'docker', "a registry's password", REGISTRY_AUTH, ([, auth = '']) => {
      const [, password] = /^[\x21-\x7e]+?:([\x20-\x7e]+)$/.exec(decoded(auth)) ?? [];
      return password !== undefined && !isPlaceholder(password);
    }),
  ];
}

function found(
  content: string,
  rule: string,
  kind: string,
  pattern: RegExp,
  isSecret: (match: RegExpExecArray) => boolean,
): readonly FoundSecret[] {
  return [...content.matchAll(pattern)].filter(isSecret).map((match) => {
    const start = match.index;
    return { rule, kind, start, end: start + match[0].length };
  });
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
