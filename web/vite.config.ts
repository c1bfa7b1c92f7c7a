import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// The bundle is served by the program itself at "/", so it is built straight into the folder the API serves.
const STATIC = fileURLToPath(new URL('../api/static', import.meta.url))

export default defineConfig({
  base: '/',
  plugins: [react()],
  build: {
    outDir: STATIC,
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    // A strict CSP refuses data: URIs for fonts and scripts, so no asset is put inline.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: process.env.CRM_DEV_API ?? 'http://127.0.0.1:8000', ws: true },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    css: false,
  },
})
