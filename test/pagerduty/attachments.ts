/** Links and images of an event: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ */

export interface Link {
  readonly href: string;
  readonly text?: string;
}

/** `href` is required and a URL; `text` may be missing. */
export function linkProblems(links: unknown): string[] {
  return listProblems('links', links, (link, at) => [
    ...urlProblems(`${at}.href`, link.href, { required: true, protocols: ['http:', 'https:'] }),
    ...textProblem(`${at}.text`, link.text),
  ]);
}

/** `src` is required and must be served over HTTPS; `href` and `alt` may be missing. */
export function imageProblems(images: unknown): string[] {
  return listProblems('images', images, (image, at) => [
    ...urlProblems(`${at}.src`, image.src, { required: true, protocols: ['https:'] }),
    ...urlProblems(`${at}.href`, image.href, { required: false, protocols: ['http:', 'https:'] }),
    ...textProblem(`${at}.alt`, image.alt),
  ]);
}

/** True for what a person sees nothing of: nothing, spaces of any kind, invisible characters. */
export function isBlank(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === 'string' && /^[\p{Z}\p{C}]*$/u.test(value))
  );
}

export function isUrl(text: string, protocols: readonly string[]): boolean {
  return !/\s/.test(text) && protocols.includes(URL.parse(text)?.protocol ?? '');
}

type Item = Readonly<Record<string, unknown>>;

function listProblems(
  name: string,
  list: unknown,
  problemsOf: (item: Item, at: string) => string[],
): string[] {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) return [`'${name}' must be an array of objects`];
  return list.flatMap((item: unknown, index) => {
    const at = `${name}[${index}]`;
    const isItem = typeof item === 'object' && item !== null && !Array.isArray(item);
    return isItem ? problemsOf(item as Item, at) : [`'${at}' must be an object`];
  });
}

interface Wanted {
  readonly required: boolean;
  readonly protocols: readonly string[];
}

function urlProblems(at: string, url: unknown, { required, protocols }: Wanted): string[] {
  if (isBlank(url)) return required ? [`'${at}' is missing or blank`] : [];
  if (typeof url === 'string' && isUrl(url, protocols)) return [];
  return [`'${at}' is not a valid URL${protocols.includes('http:') ? '' : ' served via HTTPS'}`];
}

function textProblem(at: string, text: unknown): string[] {
  return text === undefined || text === null || typeof text === 'string' ? [] : [`'${at}' must be a string`];
}
