import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  // nginx serves dist/ under this path.
  base: '/explorer/',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // The editor is one large lazy chunk by nature; the page before sign-in is small.
    chunkSizeWarningLimit: 5000,
    // GraphiQL's files open with "use no memo", a note to a compiler that does not run here.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
});
