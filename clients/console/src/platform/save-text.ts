/** Has the browser save a text that the page has made. */
export function saveText({ text, type, fileName }: { text: string; type: string; fileName: string }): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  // The browser has taken hold of the file by the end of this turn.
  setTimeout(() => URL.revokeObjectURL(address));
}
