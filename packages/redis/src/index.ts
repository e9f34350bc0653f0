export { redisViews, type RedisViewsOptions } from './redis-views.ts'
