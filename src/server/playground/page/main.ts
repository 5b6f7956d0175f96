import { AnswerError } from '../shared/answer-stream.js'
import { Client } from './client.js'
import { byId } from './dom.js'
import { Playground } from './playground.js'
import { showServed } from './served.js'

const client = new Client()
const key = byId('key', HTMLInputElement)
key.addEventListener('input', () => {
  client.key = key.value
})
// A form that is sent before the page is ready would load the page anew.
byId('controls', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault())

try {
  const settings = await client.settings()
  showServed(settings)
  await new Playground(client, settings).open(location.hash)
} catch (error) {
  const notice = byId('error', HTMLElement)
  notice.textContent = error instanceof AnswerError ? error.message : `The page could not start: ${error}`
  notice.hidden = false
}
