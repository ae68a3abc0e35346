/** The words of the form, in one language. `{address}` stands for a suggested address. */
export type Labels = {
  readonly email: string;
  readonly firstName: string;
  readonly button: string;
  readonly privacy: string;
  /** Of the field that only robots fill in. */
  readonly trap: string;
  readonly sending: string;
  readonly taken: string;
  readonly emailFault: string;
  readonly nameFault: string;
  readonly didYouMean: string;
  readonly useSuggested: string;
  readonly keepTyped: string;
  readonly closed: string;
};

const en: Labels = {
  email: "Email address",
  firstName: "First name (if you like)",
  button: "Send me the letters",
  privacy: "How your data is handled",
  trap: "Leave this field empty",
  sending: "One moment …",
  taken:
    "Almost done. If that address can be signed up, an email with a button is on its way. Press the button and you are in.",
  emailFault: "Please check the email address. It should read like ada@gmail.com.",
  nameFault: "That name is longer than 60 characters. A short form will do.",
  didYouMean: "Did you mean {address}?",
  useSuggested: "Yes, use that one",
  keepTyped: "No, keep mine",
  closed: "This form takes no sign-ups at the moment. Please try again another day.",
};

const de: Labels = {
  email: "E-Mail-Adresse",
  firstName: "Vorname (wenn Sie mögen)",
  button: "Schicken Sie mir die Briefe",
  privacy: "Wie wir mit Ihren Daten umgehen",
  trap: "Dieses Feld bitte leer lassen",
  sending: "Einen Moment …",
  taken:
    "Fast fertig. Wenn sich diese Adresse anmelden lässt, ist eine E-Mail mit einem Knopf unterwegs. Ein Druck darauf, und Sie sind dabei.",
  emailFault: "Bitte prüfen Sie die E-Mail-Adresse. Sie sollte aussehen wie ada@gmail.com.",
  nameFault: "Dieser Name ist länger als 60 Zeichen. Eine kurze Form genügt.",
  didYouMean: "Meinten Sie {address}?",
  useSuggested: "Ja, diese nehmen",
  keepTyped: "Nein, meine behalten",
  closed:
    "Über dieses Formular sind zurzeit keine Anmeldungen möglich. Bitte versuchen Sie es an einem anderen Tag.",
};

const fr: Labels = {
  email: "Adresse e-mail",
  firstName: "Prénom (si vous le souhaitez)",
  button: "Envoyez-moi les lettres",
  privacy: "Comment vos données sont traitées",
  trap: "Laissez ce champ vide",
  sending: "Un instant…",
  taken:
    "C’est presque fait. Si cette adresse peut être inscrite, un e-mail avec un bouton est en route. Appuyez sur le bouton et vous y êtes.",
  emailFault: "Vérifiez l’adresse e-mail. Elle devrait ressembler à ada@gmail.com.",
  nameFault: "Ce prénom dépasse 60 caractères. Une forme courte suffit.",
  didYouMean: "Vouliez-vous dire {address} ?",
  useSuggested: "Oui, prendre celle-ci",
  keepTyped: "Non, garder la mienne",
  closed: "Ce formulaire ne prend pas d’inscriptions pour le moment. Réessayez un autre jour.",
};

const es: Labels = {
  email: "Correo electrónico",
  firstName: "Nombre (si lo desea)",
  button: "Envíenme las cartas",
  privacy: "Cómo se tratan sus datos",
  trap: "Deje este campo vacío",
  sending: "Un momento…",
  taken:
    "Ya casi está. Si esa dirección puede inscribirse, un correo con un botón va en camino. Pulse el botón y listo.",
  emailFault: "Revise el correo electrónico. Debería parecerse a ada@gmail.com.",
  nameFault: "Ese nombre tiene más de 60 caracteres. Basta con una forma corta.",
  didYouMean: "¿Quería decir {address}?",
  useSuggested: "Sí, usar esa",
  keepTyped: "No, dejar la mía",
  closed: "Este formulario no admite inscripciones por ahora. Inténtelo otro día.",
};

const pt: Labels = {
  email: "Endereço de e-mail",
  firstName: "Nome próprio (se quiser)",
  button: "Enviem-me as cartas",
  privacy: "Como os seus dados são tratados",
  trap: "Deixe este campo vazio",
  sending: "Um momento…",
  taken:
    "Está quase. Se este endereço puder ser inscrito, um e-mail com um botão vai a caminho. Carregue no botão e está feito.",
  emailFault: "Verifique o endereço de e-mail. Deve parecer-se com ada@gmail.com.",
  nameFault: "Este nome tem mais de 60 caracteres. Basta uma forma curta.",
  didYouMean: "Queria dizer {address}?",
  useSuggested: "Sim, usar esse",
  keepTyped: "Não, manter o meu",
  closed: "Este formulário não aceita inscrições de momento. Tente noutro dia.",
};

const ar: Labels = {
  email: "عنوان البريد الإلكتروني",
  firstName: "الاسم الأول (إن شئت)",
  button: "أرسلوا إليّ الرسائل",
  privacy: "كيف نتعامل مع بياناتك",
  trap: "اترك هذا الحقل فارغًا",
  sending: "لحظة من فضلك…",
  taken: "بقيت خطوة واحدة. إن أمكن تسجيل هذا العنوان فستصلك رسالة فيها زر. اضغط الزر ويكتمل تسجيلك.",
  emailFault: "تحقق من عنوان البريد الإلكتروني. ينبغي أن يشبه ada@gmail.com.",
  nameFault: "هذا الاسم أطول من 60 حرفًا. يكفي اسم قصير.",
  didYouMean: "هل تقصد {address}؟",
  useSuggested: "نعم، استخدم هذا",
  keepTyped: "لا، أبقِ عنواني",
  closed: "لا يقبل هذا النموذج تسجيلات في الوقت الحالي. حاول في يوم آخر.",
};

/** The languages that forms speak. */
export const LABELS = { en, de, fr, es, pt, ar } as const;

export type Language = keyof typeof LABELS;

/** The language for a BCP 47 tag such as "de-AT", by its first part; English where we do not speak it. */
export function languageOf(tag: string | null | undefined): Language {
  const first = (tag ?? "").trim().toLowerCase().split(/[-_]/)[0] ?? "";
  return Object.hasOwn(LABELS, first) ? (first as Language) : "en";
}

/** The direction in which a language is written. */
export function directionOf(language: Language): "ltr" | "rtl" {
  return language === "ar" ? "rtl" : "ltr";
}
