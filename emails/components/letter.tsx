/** @jsxImportSource react */
import { Head, Heading, Hr, Html, Text } from "@react-email/components";
import type { ReactNode } from "react";
import { directionOf, type Language } from "../../src/platform/texts/languages.ts";
import type { Frame } from "./frame.ts";
import { Ornament } from "./ornament.tsx";
import { WORD_PART } from "./outlook.ts";
import { Preheader } from "./preheader.tsx";
import { themeOf } from "./theme.ts";

type LetterProps = Frame & {
  readonly preheader: string;
  readonly brow: string;
  /** The language of that line, where it's another one. */
  readonly browLanguage?: Language;
  readonly heading: string;
  /** The name of the drawing above the heading, where there is one. */
  readonly ornament?: string | undefined;
  readonly footer: ReactNode;
  readonly children: ReactNode;
};

const TABLE = { role: "presentation", border: 0, cellPadding: 0, cellSpacing: 0 } as const;

/**
 * The frame of every letter: one column of 600 px at most, on paper. Language and direction stand on html and again inside the body,
 * because webmail drops the outer ones; the inner element is announced as a mail with its heading.
 */
export function Letter(props: LetterProps) {
  const { publicUrl, language, preheader, brow, browLanguage, heading, ornament, footer, children } = props;
  const { styles, headCss, light } = themeOf(props);
  const written = { lang: language, dir: directionOf(language) };
  return (
    <Html {...written} {...{ "xmlns:o": "urn:schemas-microsoft-com:office:office" }}>
      <Head>
        <title>{heading}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{headCss}</style>
        {WORD_PART.settings}
      </Head>
      <body style={styles.body} className="paper">
        <Preheader styles={styles}>{preheader}</Preheader>
        {/* biome-ignore lint/a11y/useSemanticElements: half of the mail clients drop <article> */}
        <div role="article" aria-roledescription="email" aria-label={heading} {...written}>
          <table {...TABLE} width="100%" bgcolor={light.paper} className="paper">
            <tbody>
              <tr>
                <td align="center" style={styles.outside}>
                  {WORD_PART.open}
                  <div style={styles.column}>
                    <table {...TABLE} width="100%" bgcolor={light.card} style={styles.card} className="card">
                      <tbody>
                        <tr>
                          <td
                            align={written.dir === "rtl" ? "right" : "left"}
                            style={styles.inner}
                            className="inner"
                          >
                            {ornament === undefined ? null : (
                              <Ornament publicUrl={publicUrl} name={ornament} styles={styles} />
                            )}
                            <Text style={styles.brow} className="soft" lang={browLanguage ?? language}>
                              {brow}
                            </Text>
                            <Heading as="h1" style={styles.h1} className="ink h1">
                              {heading}
                            </Heading>
                            {children}
                            <Hr style={styles.rule} className="line end" />
                            {footer}
                          </td>
                        </tr>
                      </tbody>
                    </table>
                  </div>
                  {WORD_PART.close}
                </td>
              </tr>
            </tbody>
          </table>
        </div>
      </body>
    </Html>
  );
}
