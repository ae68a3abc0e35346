/** The public page's script: suggests the browser's time zone. Without it the form works with the default zone. */
export const FORM_SCRIPT = `
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll('input[name="time_zone"]')) {
  if (zone) field.value = zone;
}
`;
