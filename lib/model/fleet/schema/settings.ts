import { z } from 'zod';

import { type Setting, type SettingTable } from '../../flux/setting';
import { choice, duration, listOf, mapOf, text, wholeNumber } from './fields';
import { fluxPatch, toleration } from './flux-patch';
import { readCredential } from './read-credential';

/** What a file writes in a way of its own. */
const OTHERS = { anything: z.unknown(), patch: fluxPatch, readCredential, toleration } as const;

/** The field for a setting of the model. */
export function fieldOf(setting: Setting): z.ZodType {
  const { doc = '', examples, default: byDefault } = setting;
  const keywords = {
    ...(examples !== undefined && { examples }),
    ...(byDefault !== undefined && { default: byDefault }),
  };
  switch (setting.type) {
    case 'text':
      return doc === '' ? z.string() : text(doc, keywords);
    case 'flag':
      return z.boolean().meta({ description: doc, ...keywords });
    case 'duration':
      return duration(doc, keywords);
    case 'number':
      return wholeNumber(doc, setting.least, keywords);
    case 'choice':
      return choice(doc, setting.words as readonly [string, ...string[]], keywords);
    case 'list':
      return listOf(doc, fieldOf(setting.of), keywords);
    case 'map':
      return mapOf(doc, fieldOf(setting.of), keywords);
    case 'group':
      return z.strictObject(fieldsOf(setting.settings)).meta({ description: doc, ...keywords });
    case 'other':
      return OTHERS[setting.name];
  }
}

/** The fields for settings below one name. */
function fieldsOf(table: SettingTable): Readonly<Record<string, z.ZodType>> {
  const fields = Object.entries(table).map(([name, setting]) => {
    const field = fieldOf(setting);
    return [name, setting.required === true ? field : field.optional()] as const;
  });
  return Object.fromEntries(fields);
}
