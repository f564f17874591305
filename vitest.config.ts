import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'core',
          include: ['test/**/*.test.ts'],
          exclude: ['test/renderer/**', 'test/end-to-end/**', 'test/interop/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // TensorFlow's own log lines hide what a test says.
          env: { TF_CPP_MIN_LOG_LEVEL: '2' }
        }
      },
      {
        test: {
          name: 'journeys',
          include: ['test/end-to-end/**/*.test.ts'],
          // Each journey has the machine to itself: training uses every core.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000
        }
      },
      {
        test: {
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 600_000,
          env: { TF_CPP_MIN_LOG_LEVEL: '2' }
        }
      },
      {
        plugins: [svelte()],
        resolve: { conditions: ['browser'] },
        test: { name: 'view', include: ['test/renderer/**/*.test.ts'], environment: 'happy-dom' }
      }
    ]
  }
})
