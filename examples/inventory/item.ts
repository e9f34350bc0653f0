import { aggregate, reject } from 'headwater'
import { GoodsArrived, GoodsTaken, ItemListed, ListItem, ReceiveGoods, TakeGoods } from './messages.ts'

interface Item {
  readonly isListed: boolean
  readonly stock: number
  readonly minimum: number
}

const initial: Item = { isListed: false, stock: 0, minimum: 0 }

export const item = aggregate('item', {
  description: 'What there is of one thing, and what there should be at least.',
  events: [ItemListed, GoodsArrived, GoodsTaken],
  commands: [ListItem, ReceiveGoods, TakeGoods],
  initial,
  evolve: {
    ItemListed: (state, { data }) => ({ ...state, isListed: true, minimum: data.minimum }),
    GoodsArrived: (state, { data }) => ({ ...state, stock: data.stock }),
    GoodsTaken: (state, { data }) => ({ ...state, stock: data.stock }),
  },
  decide: {
    ListItem: ({ isListed }, { minimum }) => (isListed ? reject('already-listed') : ItemListed({ minimum })),
    ReceiveGoods: ({ isListed, stock, minimum }, { quantity }) =>
      isListed ? GoodsArrived({ quantity, stock: stock + quantity, minimum }) : reject('not-listed'),
    TakeGoods: ({ isListed, stock, minimum }, { quantity }) => {
      if (!isListed) return reject('not-listed')
      if (quantity > stock) return reject('not-enough', { data: { stock } })
      return GoodsTaken({ quantity, stock: stock - quantity, minimum })
    },
  },
})
