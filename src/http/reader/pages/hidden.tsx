import type { ReaderView } from "../../../domain/sequences/queries/reader.ts";

/** What every form of the reader's page carries along: which enrollment, and which revision the page showed. */
export function Hidden({
  reader,
  enrollmentId,
}: {
  readonly reader: Pick<ReaderView, "revision">;
  readonly enrollmentId: number | null;
}) {
  return (
    <>
      <input type="hidden" name="seen" value={String(reader.revision)} />
      {enrollmentId === null ? null : <input type="hidden" name="enrollment" value={String(enrollmentId)} />}
    </>
  );
}
