// A form's script: suggests the browser's time zone. Without it the form works with the usual zone.
export {};

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll<HTMLInputElement>('input[name="time_zone"]')) {
  if (zone) field.value = zone;
}
