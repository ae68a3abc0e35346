/** @jsxImportSource react */
import { Text } from "@react-email/components";
import { Fragment } from "react";
import type { Frame } from "./frame.ts";
import { themeOf } from "./theme.ts";

/** What a letter ends with: the author's own words, line by line, and their name. Nothing where no one signs. */
export function SignOff({ author, ...frame }: Frame) {
  if (author.name === "") return null;
  const { styles } = themeOf(frame);
  const lines = [...author.signOff.split("\n").filter((line) => line !== ""), author.name];
  return (
    <Text style={styles.signOff} className="ink">
      {lines.map((line, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two lines may be alike
        <Fragment key={place}>
          {place === 0 ? null : <br />}
          {line}
        </Fragment>
      ))}
    </Text>
  );
}
