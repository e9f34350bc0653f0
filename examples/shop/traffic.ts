import {
  type CommandMessage,
  type ExecuteOptions,
  type Headwater,
  isHeadwaterError,
  type Traffic,
} from 'headwater'
import { ShipOrder } from './orders/commands.ts'
import { order } from './orders/order.ts'
import { shippingAddresses } from './orders/views.ts'
import { payment } from './payments/payment.ts'
import { script, type Step } from './traffic/script.ts'

/** Sent at once, so that there is something to see. */
const headStart = 40
const longestWait = 5_000

/** Customers, the payment provider, the warehouse and the service desk, going about their business. */
const traffic: Traffic = async (headwater, { rate, seed, signal }) => {
  let sent = 0
  for (const step of script(seed)) {
    if (signal.aborted) return
    await ready(headwater, step, signal)
    const command = await addressed(headwater, step)
    if (signal.aborted) return
    sent++
    await send(headwater, command, { id: `traffic-${seed}-${sent}`, actor: step.actor })
    if (sent > headStart) await pause(1_000 / rate, signal)
  }
}

/** A seed that was used before sends what was sent before, except that parcels now go to newer addresses. */
async function send(headwater: Headwater, command: CommandMessage, options: ExecuteOptions): Promise<void> {
  try {
    await headwater.execute(command, options)
  } catch (error) {
    if (!isHeadwaterError(error, 'command.id-reused')) throw error
  }
}

/** Nobody pays before they are asked to, or ships before it is paid: what others do by subscription takes its moment. */
async function ready(headwater: Headwater, { awaits }: Step, signal: AbortSignal): Promise<void> {
  if (awaits === undefined) return
  const { orderId, stage } = awaits
  const isReady = async () =>
    stage === 'paid'
      ? (await headwater.state(order, orderId)).state.status === 'paid'
      : (await headwater.state(payment, orderId)).revision > 0
  for (const end = Date.now() + longestWait; Date.now() < end && !signal.aborted; ) {
    if (await isReady()) return
    await pause(10, signal)
  }
}

/** The address on the parcel is the one that the orders' context knows. */
async function addressed(headwater: Headwater, { command, shipsTo, awaits }: Step) {
  if (shipsTo === undefined || awaits === undefined) return command
  const known = await headwater.view(shippingAddresses).get(shipsTo)
  return ShipOrder({ orderId: awaits.orderId, address: known?.doc.address ?? undefined })
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}

export default traffic
