import { type IConstruct } from 'constructs';

import { attached } from '../terraform/attached';

/** Texts that look like secrets and are none, in the whole app: files may hold them. */
export function allowedTexts(scope: IConstruct): Set<string> {
  return attached(scope.node.root, 'AllowedTexts', () => new Set<string>());
}
