import * as z from "zod";
import { addPicture } from "../../../domain/site/add-picture.ts";
import { pictureName } from "../../../domain/site/site-schema.ts";
import { endpoint, reply } from "../../api/endpoint.ts";
import { faultSchema } from "../../api/faults.ts";

/** The owner's API of pictures. */
export const PICTURES = [
  endpoint({
    method: "post",
    path: "/api/v1/admin/pictures",
    name: "addPicture",
    tag: "Site",
    summary: "Add a picture of the author; the same one again is the same picture",
    description:
      "A PNG or JPEG. What a camera writes beside it (place, time, remarks) is cut, and its name is made of the rest: anyone can have it at `/pictures/{name}`. The site names it as `author.picture`.",
    body: z
      .strictObject({ data: z.base64().min(1).meta({ description: "The file, in base64" }) })
      .meta({ id: "PictureInput" }),
    bodyBytesMax: 3_000_000,
    answers: {
      200: {
        description: "The picture as it's kept",
        schema: z
          .object({
            name: pictureName,
            width: z.int().meta({ description: "In pixels" }),
            height: z.int().meta({ description: "In pixels" }),
          })
          .meta({ id: "Picture" }),
      },
    },
    faults: faultSchema,
    act: "add_picture",
    run: async (c, { body: { data } }) => {
      const file = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
      const added = await addPicture(await c.var.services(), file);
      if (added.kind === "faulty") {
        const { message, fix } = added.fault;
        return {
          code: "faulty",
          detail: "Nothing was kept.",
          faults: [{ field: "data", rule: "picture", message, fix }],
        };
      }
      const { name, width, height } = added;
      return reply(200, { name, width, height });
    },
  }),
];
