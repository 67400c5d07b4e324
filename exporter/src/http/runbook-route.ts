import { alertAtHand } from '../runbooks/fill-in.ts';
import { renderRunbook, runbookPolicy } from '../runbooks/page.ts';
import { INDEX, type RunbookShelf, RunbooksUnavailable } from '../runbooks/shelf.ts';
import { textReply } from './reply.ts';
import type { Route } from './route.ts';

/**
 * Runbooks as pages: the index at the folder itself, one page per name in it. `?endpoint_id=` and `?account=`
 * fill in the queries, so that the link of an alert may carry what fires.
 */
export function runbookRoute(shelf: RunbookShelf, folder: string): Route {
  const policy = runbookPolicy();
  return ({ target }, query) => {
    const [path = ''] = target.split('?');
    const name = path.slice(folder.length);
    try {
      const markdown = shelf.text(name === '' ? INDEX : name);
      if (markdown === undefined) return textReply(404, `No runbook of this name. All there are: ${folder}`);
      return {
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
        body: renderRunbook(markdown, alertAtHand(query)),
      };
    } catch (error) {
      if (error instanceof RunbooksUnavailable) return textReply(500, error.message);
      throw error;
    }
  };
}
