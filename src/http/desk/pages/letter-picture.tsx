import type { AddedPicture } from "../../../domain/site/add-picture.ts";
import { Field } from "../../ui/field.tsx";
import { Button, Buttons } from "../../ui/form.tsx";
import { say } from "../../ui/say.ts";
import { DeskForm } from "./shell.tsx";

/** A picture that wasn't kept. */
export type RefusedPicture = Exclude<AddedPicture, { readonly kind: "added" }>;

/** Adds a picture to a letter; `refused` is the one that was tried. */
export function AddPicture({
  path,
  refused,
}: {
  readonly path: string;
  readonly refused: RefusedPicture | null;
}) {
  const fault =
    refused === null
      ? null
      : refused.kind === "no_bucket"
        ? say("desk.letter.noBucket")
        : `This ${refused.fault.message}. ${refused.fault.fix}`;
  return (
    <details open={refused !== null}>
      <summary>{say("desk.letter.addPicture")}</summary>
      <DeskForm action={`${path}/picture`} files faulty={refused !== null}>
        <Field
          id="picture_file"
          name="picture_file"
          label={say("desk.letter.picture")}
          hint={say("desk.letter.pictureHint")}
          value=""
          fault={fault}
          attributes={{ type: "file", accept: "image/png,image/jpeg,image/gif", required: true }}
        />
        <Field
          id="alt"
          name="alt"
          label={say("desk.letter.pictureAlt")}
          hint={say("desk.letter.pictureAltHint")}
          value=""
          attributes={{ type: "text", maxlength: "500", autocomplete: "off" }}
        />
        <Buttons>
          <Button quiet>{say("desk.letter.addPicture")}</Button>
        </Buttons>
      </DeskForm>
    </details>
  );
}
