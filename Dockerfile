# Matinee in one container: `docker build -t matinee .`, `docker run -p 8080:8080 -v matinee:/data matinee`.
# The server needs no build: Node runs its TypeScript as it is. Only the pages are built.

FROM node:24-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Node is the image's own; the packages that bring it to other machines are left out.
RUN npm ci --omit=dev --ignore-scripts --loglevel=error --no-audit --no-fund \
	&& rm -rf node_modules/node-linux-* node_modules/node-win-* node_modules/.bin/node

FROM node:24-slim AS pages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --loglevel=error --no-audit --no-fund
COPY svelte.config.js vite.config.ts tsconfig.json ./
COPY scripts scripts
COPY static static
COPY src src
RUN npm run build

FROM node:24-slim
ENV NODE_ENV=production \
	MATINEE_DATA=/data
WORKDIR /app
COPY package.json ./
COPY --from=modules /app/node_modules node_modules
COPY signaling signaling
# What both sides share; and the audit log's reader: docker exec NAME node scripts/audit.ts --verify
COPY src/lib src/lib
COPY scripts/audit.ts scripts/healthcheck.mjs scripts/
COPY --from=pages /app/build build
RUN mkdir /data && chown node:node /data && chmod 700 /data
USER node
VOLUME /data
EXPOSE 8080
# Over https too where TLS_CERT is set; whose certificate it is matters to nobody in here.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["node", "scripts/healthcheck.mjs"]
# Closes sockets in order and is gone within five seconds.
STOPSIGNAL SIGTERM
CMD ["node", "signaling/server.ts"]
