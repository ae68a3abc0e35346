import * as z from "zod";
import { addPicture } from "../../../domain/site/add-picture.ts";
import { PICTURE_NAME } from "../../../platform/links/picture-name.ts";
import { endpoint, reply } from "../../api/endpoint.ts";
import { faultSchema } from "../../api/faults.ts";

const NO_BUCKET = "Nothing was kept.";
const NOWHERE = {
  ...{ field: "data", rule: "picture" },
  message: "can't be kept, because this installation has no R2 bucket",
  fix: "Switch on R2 in your Cloudflare account and deploy again, or use a picture's https:// address.",
} as const;

/** The owner's API of pictures. */
export const PICTURES = [
  endpoint({
    method: "post",
    path: "/api/v1/admin/pictures",
    name: "addPicture",
    tag: "Site",
    summary: "Add a picture of the author, or for letters; the same one again is the same picture",
    description:
      "A PNG or JPEG, for letters also a GIF. What a camera writes beside it (place, time, remarks) is cut, and its name is made of the rest: anyone can have it at `/pictures/{name}`. The site names it as `author.picture`, a letter as `![what it shows](pictures/{name})`. Letters' pictures need R2 in the account.",
    body: z
      .strictObject({
        data: z.base64().min(1).meta({ description: "The file, in base64" }),
        use: z.enum(["author", "letter"]).default("author"),
      })
      .meta({ id: "PictureInput" }),
    // A larger file than is kept is told so by its own limit.
    bodyBytesMax: 11_000_000,
    answers: {
      200: {
        description: "The picture as it's kept",
        schema: z
          .object({
            name: z.string().regex(PICTURE_NAME),
            width: z.int().meta({ description: "In pixels" }),
            height: z.int().meta({ description: "In pixels" }),
          })
          .meta({ id: "Picture" }),
      },
    },
    faults: faultSchema,
    act: "add_picture",
    run: async (c, { body: { data, use } }) => {
      const file = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
      const added = await addPicture(await c.var.services(), file, use);
      if (added.kind === "faulty") {
        const { message, fix } = added.fault;
        return {
          code: "faulty",
          detail: "Nothing was kept.",
          faults: [{ field: "data", rule: "picture", message, fix }],
        };
      }
      if (added.kind === "no_bucket") return { code: "faulty", detail: NO_BUCKET, faults: [NOWHERE] };
      const { name, width, height } = added;
      return reply(200, { name, width, height });
    },
  }),
];
