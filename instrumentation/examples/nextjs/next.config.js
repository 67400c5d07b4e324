/**
 * What is listed here is loaded from node_modules and not put into a bundle, so that the app, the hooks and the SDK
 * have one and the same copy of each.
 *
 * @type {import('next').NextConfig}
 */
const nextConfig = {
  serverExternalPackages: [
    '@fal-ai/client',
    '@opentelemetry/api',
    '@opentelemetry/instrumentation',
    '@opentelemetry/sdk-node',
    'opentelemetry-instrumentation-fal',
  ],
};

export default nextConfig;
