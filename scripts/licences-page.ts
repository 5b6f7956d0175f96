import { type LockedPackage, reasonFor } from './licence-rules.js'

/** The text of docs/licences.md. */
export function licencesPage(packages: readonly LockedPackage[]): string {
  const byLicence = new Map<string, LockedPackage[]>()
  for (const one of packages) byLicence.set(one.licence!, [...(byLicence.get(one.licence!) ?? []), one])
  const counts = [...byLicence]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([licence, { length }]) => `| ${licence} | ${length} |`)
  const special = new Map(packages.filter((one) => reasonFor(one) !== 'permissive').map((one) => [reasonFor(one), one]))
  const reasons = [...special].map(
    ([reason, { name, licence }]) => `- \`${name}\` and its like (${licence}): ${reason}.`,
  )
  const rows = packages.map(({ name, version, licence, optional }) => {
    return `| ${name} | ${version} | ${licence} | ${optional ? 'on some platforms' : ''} |`
  })
  return `# Licences of the dependencies

Written by \`npm run licences\` from package-lock.json: everything that \`npm install edt-tuner\` may bring along, on any platform. A test fails on a licence that
\`scripts/licence-rules.ts\` does not allow. edt-tuner itself is Apache-2.0; the optional TensorFlow.js packages for Node (Apache-2.0) are not in the list, since users add them themselves.

| licence | packages |
|---|---|
${counts.join('\n')}

Allowed for these packages alone, with the reason:

${reasons.join('\n')}

| package | version | licence | installed |
|---|---|---|---|
${rows.join('\n')}
`
}
