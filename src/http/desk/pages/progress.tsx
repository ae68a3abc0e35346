/** So often the page of something that's under way loads again, in seconds. */
export const AGAIN_S = 3;

/** A bar of how much is done, with the same in figures. */
export function Progress({ done, total }: { readonly done: number; readonly total: number }) {
  const most = Math.max(1, total);
  const percent = `${Math.floor((100 * Math.min(done, total)) / most)} %`;
  return (
    <p>
      <progress max={String(most)} value={String(Math.min(done, total))}>
        {percent}
      </progress>{" "}
      {percent}
    </p>
  );
}
