import type { Endpoint } from '../world.ts';

/** A small but valid OpenAPI document of one model's queue operations, for `expand=openapi-3.0`. */
export function openApiOf(endpoint: Endpoint): Record<string, unknown> {
  const required = endpoint.requiredInput ?? [];
  const properties = Object.fromEntries(required.map((field) => [field, { type: 'string' }]));
  return {
    openapi: '3.0.4',
    info: { title: endpoint.displayName, version: '1.0.0' },
    servers: [{ url: 'https://queue.fal.run' }],
    security: [{ apiKeyAuth: [] }],
    paths: {
      [`/${endpoint.id}`]: {
        post: {
          requestBody: jsonContent({
            type: 'object',
            properties,
            ...(required.length > 0 ? { required } : {}),
          }),
          responses: { 200: { description: 'Accepted', ...jsonContent(acceptedSchema()) } },
        },
      },
    },
    components: {
      securitySchemes: {
        apiKeyAuth: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'Key <key>' },
      },
    },
  };
}

function jsonContent(schema: unknown): { content: Record<string, unknown> } {
  return { content: { 'application/json': { schema } } };
}

function acceptedSchema(): unknown {
  const names = ['request_id', 'response_url', 'status_url', 'cancel_url'];
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    required: ['request_id'],
  };
}
