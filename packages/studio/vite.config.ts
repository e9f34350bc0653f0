import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Studio is served by the gateway, next to the routes that it uses. While one works on it, Vite serves it
// and passes those routes on to the gateway at HEADWATER_URL.
const gateway = process.env.HEADWATER_URL ?? 'http://127.0.0.1:4000'
const routes =
  '^/(amendments|branches|catalog|commands|debug|events|externals|livez|processors|queries|readyz|revert|streams|trace|views)(/|\\?|$)'

export default defineConfig({
  base: '/studio/',
  plugins: [react()],
  resolve: { conditions: ['@headwater/source', 'module', 'browser', 'development|production'] },
  server: { proxy: { [routes]: { target: gateway, changeOrigin: true } } },
  build: { target: 'es2022', chunkSizeWarningLimit: 600 },
})
