/**
 * Queries that no past answers, each with its reason. `fal-overview: Balance (A)`: dashboard, panel, query. What is
 * listed here and answered all the same fails as well, so that the list stays short.
 */
export const NEVER_ANSWERED: Readonly<Record<string, string>> = {};
