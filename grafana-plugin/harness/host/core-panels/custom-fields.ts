import { identityOverrideProcessor } from '@grafana/data';
import type { FieldConfigEditorBuilder } from '@grafana/data';

/**
 * Declares the field options below `custom` that a panel has, with their defaults. What is not declared is ignored in
 * overrides, as in Grafana. `undefined` stands for an option without a default.
 */
export function customFields(
  defaults: Readonly<Record<string, unknown>>,
): (builder: FieldConfigEditorBuilder<object>) => void {
  return (builder) => {
    for (const [id, defaultValue] of Object.entries(defaults)) {
      builder.addCustomEditor({
        id,
        path: id,
        name: id,
        defaultValue: defaultValue as never,
        editor: NoEditor,
        override: NoEditor,
        process: identityOverrideProcessor,
        shouldApply: () => true,
      });
    }
  };
}

const NoEditor = (): null => null;
