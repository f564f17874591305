/** Long enough for a browser to have begun with a download. */
const KEEP_MS = 10_000

/** Lets the user save a file; the browser, or Electron, asks where. */
export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), KEEP_MS)
}
