// What is sold is drawn once from the view, and then changed by each event as it comes: the view's position says after
// which event to go on, so that none is missed and none counts twice.
const section = 'stalls'
const me = `visitor-${crypto.randomUUID().slice(0, 8)}`
const grid = document.querySelector('#seats')
const buttons = new Map()

for (const row of 'ABCDEFGH') {
  for (let number = 1; number <= 12; number += 1) {
    const seat = `${row}${number}`
    const button = document.createElement('button')
    button.textContent = seat
    button.setAttribute('aria-pressed', 'false')
    button.addEventListener('click', () => buy(seat))
    buttons.set(seat, button)
    grid.append(button)
  }
}

const { position, sold } = await current()
for (const seat of sold) show(seat, true)
count()

const types = 'SeatsSold,SeatReturned'
const events = new EventSource(`/events?after=${position}&types=${types}`)
events.addEventListener('open', () => say('live'))
events.addEventListener('error', () => say('connecting'))
events.addEventListener('SeatsSold', ({ data }) => {
  const { seats, buyer, section: where } = JSON.parse(data).data
  if (where !== section) return
  for (const seat of seats) show(seat, true, buyer === me)
  tell(`${buyer} bought ${seats.join(', ')}`)
})
events.addEventListener('SeatReturned', ({ data }) => {
  const { seat, buyer, section: where } = JSON.parse(data).data
  if (where !== section) return
  show(seat, false)
  tell(`${buyer} gave ${seat} back`)
})

async function current() {
  const answer = await fetch(`/views/seats/${section}`)
  if (answer.status === 404) return { position: 0, sold: [] }
  const { position, doc } = await answer.json()
  return { position, sold: doc.sold }
}

async function buy(seat) {
  const answer = await fetch('/commands/BuySeats', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ section, seats: [seat], buyer: me }),
  })
  if (answer.status === 422) tell(`${seat} was sold a moment before`)
}

function show(seat, isSold, isMine = false) {
  const button = buttons.get(seat)
  button?.setAttribute('aria-pressed', String(isSold))
  button?.classList.toggle('mine', isSold && isMine)
}

function tell(text) {
  const line = document.createElement('li')
  line.textContent = text
  const news = document.querySelector('#news')
  news.prepend(line)
  while (news.children.length > 8) news.lastChild.remove()
  count()
}

function count() {
  const free = [...buttons.values()].filter((button) => button.getAttribute('aria-pressed') === 'false')
  document.querySelector('#free').textContent = String(free.length)
}

function say(state) {
  document.querySelector('#state').textContent = state
}
