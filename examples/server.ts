/** Serves a model over HTTP from one's own program, and asks it as any client of OpenAI's API would. */
import { startServer } from 'edt-tuner/server'

const server = await startServer({ model: 'debian-6m', tuner: 'debian-6m/universal', port: 0 })

interface Answer {
  choices: { text: string }[]
  edt: { strategy: string; chosen_by: string }
}

for (const temperature of [undefined, 0.7]) {
  const response = await fetch(`${server.url}/v1/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'Translate to French: documentation\nTranslation:', seed: 1, temperature }),
  })
  const { choices, edt } = (await response.json()) as Answer
  console.log(`${edt.strategy}, chosen by the ${edt.chosen_by}: ${choices[0].text}`)
}

await server.close()
