export * from '@headwater/core/spec'
export {
  answers,
  get,
  http,
  post,
  type Answer,
  type Http,
  type RequestOptions,
} from '@headwater/gateway/spec'
