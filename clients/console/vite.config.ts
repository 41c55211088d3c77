import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  // nginx serves dist/ under this path.
  base: '/console/',
  plugins: [react()],
  build: {
    // The console, and the public status page, which takes no sign-in and loads nothing of the rest.
    rollupOptions: {
      input: ['index.html', 'status.html'].map((page) => fileURLToPath(new URL(page, import.meta.url))),
    },
    target: 'es2022',
    // The first that know light-dark(), by which each colour is written once.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // No data: URLs: the Content-Security-Policy would have to admit them for fonts and styles.
    assetsInlineLimit: 0,
  },
});
