export { mariadbViews, type MariadbViewsOptions } from './mariadb-views.ts'
