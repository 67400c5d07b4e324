# Exporter and simulator in one image:
#   docker build -t fal-observability .
#   docker run --rm -e FAL_KEY fal-observability check
#   docker run --rm -e FAL_KEY -p 127.0.0.1:10464:10464 --read-only --cap-drop ALL fal-observability
#
# slim and not alpine: musl builds of Node are not among those that the Node project itself tests. The version is
# the one that package-lock.json pins for development; a test compares them.

FROM node:24.21.0-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY instrumentation/package.json instrumentation/
COPY simulator/package.json simulator/
COPY exporter/package.json exporter/
COPY alert-rules/package.json alert-rules/
# No install script of any package runs; the npm package `node` is for development and stays out.
RUN npm ci --omit=dev --ignore-scripts \
    --workspace=instrumentation --workspace=simulator --workspace=exporter \
    --workspace=alert-rules

FROM node:24.21.0-slim
LABEL org.opencontainers.image.title="fal-observability" \
      org.opencontainers.image.description="Prometheus exporter and local simulator for fal.ai" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app ./
COPY LICENSE ./
COPY instrumentation instrumentation
COPY simulator simulator
COPY exporter exporter
COPY alert-rules alert-rules
# A volume that is mounted here for the first time takes over this owner.
RUN install -d -o node -g node /var/lib/fal-exporter
VOLUME /var/lib/fal-exporter
USER node
EXPOSE 10464
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:10464/-/healthy').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# `docker run fal-observability check` replaces the second line only.
ENTRYPOINT ["node", "/app/exporter/bin/fal-exporter.js"]
CMD ["serve", "--listen", "0.0.0.0:10464", "--state-dir", "/var/lib/fal-exporter"]
