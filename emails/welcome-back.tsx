/** @jsxImportSource react */
import { Text } from "@react-email/components";
import { say } from "../src/platform/texts/texts.ts";
import { ReaderFooter } from "./components/footer.tsx";
import type { SequenceFrame } from "./components/frame.ts";
import { Letter } from "./components/letter.tsx";
import { Rich } from "./components/rich.tsx";
import { themeOf } from "./components/theme.ts";

/**
 * To a reader who had left and confirmed again: when it goes on. The long welcome would promise letters they know. `words` are
 * the owner's.
 */
export function WelcomeBack({ words, ...frame }: SequenceFrame & { readonly words: readonly string[] }) {
  const { language } = frame;
  const theme = themeOf(frame);
  const { styles } = theme;
  return (
    <Letter
      {...frame}
      preheader={say("mail.back.preheader", {}, language)}
      brow={frame.sequenceTitle}
      browLanguage={frame.sequenceLanguage}
      heading={say("mail.back.heading", {}, language)}
      footer={<ReaderFooter {...frame} online={false} />}
    >
      <Text style={styles.text} className="ink">
        {"{{greeting}}"}
      </Text>
      {words.map((paragraph) => (
        <Text key={paragraph} style={styles.text} className="ink">
          {paragraph}
        </Text>
      ))}
      <Text style={styles.text} className="ink">
        <Rich
          text="mail.back.lead"
          tags={{ strong: (inner) => <strong>{inner}</strong> }}
          values={{ date: "{{first_theme_date}}" }}
          language={language}
        />
      </Text>
      <Text style={styles.text} className="ink">
        <Rich
          text="mail.back.change"
          tags={{
            link: (inner) => (
              <a href="{{preferences_url}}" style={styles.link} className="accent">
                {inner}
              </a>
            ),
          }}
          language={language}
        />
      </Text>
    </Letter>
  );
}
