/**
 * Next.js calls this once, when the server starts and before it serves anything:
 * https://nextjs.org/docs/app/guides/instrumentation
 */
export async function register() {
  // The edge runtime has no hooks and no ports.
  if (process.env.NEXT_RUNTIME === 'nodejs') await import('opentelemetry-instrumentation-fal/register');
}
