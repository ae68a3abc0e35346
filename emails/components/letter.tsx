/** @jsxImportSource react */
import { Head } from "@react-email/head";
import { Heading } from "@react-email/heading";
import { Hr } from "@react-email/hr";
import { Html } from "@react-email/html";
import { Preview } from "@react-email/preview";
import { Section } from "@react-email/section";
import { Text } from "@react-email/text";
import type { ReactNode } from "react";
import { DARK_CSS, styles } from "./theme.ts";

/** Who sends, as every footer must say it (CAN-SPAM, CASL; rule 5.18). */
export type Sender = { readonly ownerName: string; readonly postalAddress: string };

type LetterProps = {
  readonly preheader: string;
  readonly brow: string;
  readonly heading: string;
  readonly footer: ReactNode;
  readonly children: ReactNode;
};

/**
 * The frame of every letter: one column of 600 px (the width attribute is for classic Outlook, which knows no
 * max-width), language and direction on html and again inside the body, because webmail drops the outer ones.
 */
export function Letter({ preheader, brow, heading, footer, children }: LetterProps) {
  return (
    <Html lang="en" dir="ltr">
      <Head>
        <title>{heading}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{DARK_CSS}</style>
      </Head>
      <body style={styles.body} className="paper">
        <Preview>{preheader}</Preview>
        <div lang="en" dir="ltr" style={styles.page} className="paper">
          <table
            role="presentation"
            border={0}
            cellPadding={0}
            cellSpacing={0}
            width={600}
            align="center"
            style={styles.card}
            className="card"
          >
            <tbody>
              <tr>
                <td style={styles.inner} className="inner">
                  <Text style={styles.brow} className="soft">
                    {brow}
                  </Text>
                  <Heading as="h1" style={styles.h1} className="ink h1">
                    {heading}
                  </Heading>
                  {children}
                  <Hr style={styles.rule} className="line" />
                  <Section>{footer}</Section>
                </td>
              </tr>
            </tbody>
          </table>
        </div>
      </body>
    </Html>
  );
}
