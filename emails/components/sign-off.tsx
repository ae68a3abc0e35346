/** @jsxImportSource react */
import { Text } from "@react-email/components";
import { Fragment } from "react";
import type { Frame } from "./frame.ts";
import { themeOf } from "./theme.ts";

/** How wide the author's picture is shown, in CSS pixels; its file has at least twice as many. */
const PICTURE_WIDTH = 56;

/**
 * What a letter ends with: the author's own words, line by line, and their name, with their picture before it. Nothing where no one
 * signs. The name says who the picture shows, so that its alternative text is empty.
 */
export function SignOff({ author, ...frame }: Frame) {
  if (author.name === "") return null;
  const { styles } = themeOf(frame);
  const lines = [...author.signOff.split("\n").filter((line) => line !== ""), author.name];
  const words = (style: typeof styles.signOff) => (
    <Text style={style} className="ink">
      {lines.map((line, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two lines may be alike
        <Fragment key={place}>
          {place === 0 ? null : <br />}
          {line}
        </Fragment>
      ))}
    </Text>
  );
  const { picture } = author;
  if (picture === null) return words(styles.signOff);
  return (
    <table role="presentation" cellPadding={0} cellSpacing={0} border={0} style={styles.signed}>
      <tbody>
        <tr>
          <td style={styles.portraitCell} valign="middle">
            <img
              src={picture.url}
              alt=""
              width={PICTURE_WIDTH}
              height={Math.round((PICTURE_WIDTH * picture.height) / picture.width)}
              style={styles.portrait}
            />
          </td>
          <td valign="middle">{words(styles.signedWords)}</td>
        </tr>
      </tbody>
    </table>
  );
}
