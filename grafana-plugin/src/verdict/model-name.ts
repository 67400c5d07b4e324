/** A model without its owner, `flux/schnell` for `fal-ai/flux/schnell`: long names are cut off at the wrong end. */
export function modelName(endpointId: string): string {
  const slash = endpointId.indexOf('/');
  return slash === -1 ? endpointId : endpointId.slice(slash + 1);
}
