import type { Language } from "../partners/labels.ts";

/** The words of our own pages that a form on a partner's site leads to. */
export type PageWords = {
  readonly pressTitle: string;
  readonly pressLead: string;
  readonly suggestionTitle: string;
  readonly checkTitle: string;
  readonly challengeLead: string;
  readonly challengeNoScript: string;
  readonly inboxTitle: string;
  readonly inboxHint: string;
  readonly closedTitle: string;
};

/** In every language of the form. */
export const PAGE_WORDS: Readonly<Record<Language, PageWords>> = {
  en: {
    pressTitle: "One more press",
    pressLead:
      "This last step is on our own page, so that nobody can sign you up from somewhere else. What you typed is still here.",
    suggestionTitle: "Is the address right?",
    checkTitle: "Please check the form",
    challengeLead:
      "Many sign-ups come in at the moment. Please show that you are a person, then press the button.",
    challengeNoScript:
      "This check needs JavaScript. Without it, please come back in an hour or two: then no check is needed.",
    inboxTitle: "Check your inbox",
    inboxHint:
      "Nothing there after a few minutes? Look in the spam folder. We send one such email a day at most to an address, and none to somebody who already gets the letters.",
    closedTitle: "Closed for the moment",
  },
  de: {
    pressTitle: "Noch ein Knopfdruck",
    pressLead:
      "Dieser letzte Schritt findet auf unserer eigenen Seite statt, damit niemand Sie von anderswo anmelden kann. Ihre Angaben stehen noch da.",
    suggestionTitle: "Stimmt die Adresse?",
    checkTitle: "Bitte prüfen Sie Ihre Angaben",
    challengeLead:
      "Gerade treffen viele Anmeldungen ein. Bitte zeigen Sie, dass Sie ein Mensch sind, und drücken Sie dann den Knopf.",
    challengeNoScript:
      "Diese Prüfung braucht JavaScript. Ohne JavaScript versuchen Sie es bitte in ein, zwei Stunden noch einmal; dann entfällt die Prüfung.",
    inboxTitle: "Sehen Sie in Ihrem Postfach nach",
    inboxHint:
      "Nach einigen Minuten noch nichts da? Sehen Sie im Spam-Ordner nach. Wir schicken höchstens eine solche E-Mail am Tag an eine Adresse, und keine an jemanden, der die Briefe schon bekommt.",
    closedTitle: "Zurzeit geschlossen",
  },
  fr: {
    pressTitle: "Encore un clic",
    pressLead:
      "Cette dernière étape se fait sur notre propre page, pour que personne ne puisse vous inscrire d’ailleurs. Ce que vous avez saisi est toujours là.",
    suggestionTitle: "L’adresse est-elle correcte ?",
    checkTitle: "Vérifiez le formulaire",
    challengeLead:
      "Beaucoup d’inscriptions arrivent en ce moment. Confirmez que vous êtes humain, puis appuyez sur le bouton.",
    challengeNoScript:
      "Ce contrôle nécessite JavaScript. Sans lui, revenez dans une heure ou deux : il ne sera plus demandé.",
    inboxTitle: "Consultez votre boîte de réception",
    inboxHint:
      "Rien après quelques minutes ? Regardez dans les indésirables. Nous envoyons au plus un tel e-mail par jour à une adresse, et aucun à qui reçoit déjà les lettres.",
    closedTitle: "Fermé pour le moment",
  },
  es: {
    pressTitle: "Un clic más",
    pressLead:
      "Este último paso está en nuestra propia página, para que nadie pueda inscribirle desde otro lugar. Lo que escribió sigue aquí.",
    suggestionTitle: "¿Es correcta la dirección?",
    checkTitle: "Revise el formulario",
    challengeLead: "Ahora llegan muchas inscripciones. Demuestre que es una persona y pulse el botón.",
    challengeNoScript:
      "Esta comprobación necesita JavaScript. Sin él, vuelva en una o dos horas: entonces no hará falta.",
    inboxTitle: "Revise su bandeja de entrada",
    inboxHint:
      "¿Nada tras unos minutos? Mire en la carpeta de spam. Enviamos como mucho un correo así al día a cada dirección, y ninguno a quien ya recibe las cartas.",
    closedTitle: "Cerrado por ahora",
  },
  pt: {
    pressTitle: "Só mais um clique",
    pressLead:
      "Este último passo fica na nossa própria página, para que ninguém o possa inscrever a partir de outro lugar. O que escreveu continua aqui.",
    suggestionTitle: "O endereço está certo?",
    checkTitle: "Verifique o formulário",
    challengeLead: "Estão a chegar muitas inscrições. Mostre que é uma pessoa e clique no botão.",
    challengeNoScript:
      "Esta verificação precisa de JavaScript. Sem ele, volte dentro de uma ou duas horas: já não será precisa.",
    inboxTitle: "Veja a sua caixa de entrada",
    inboxHint:
      "Nada ao fim de alguns minutos? Veja na pasta de spam. Enviamos no máximo um e-mail destes por dia a cada endereço, e nenhum a quem já recebe as cartas.",
    closedTitle: "Fechado de momento",
  },
  ar: {
    pressTitle: "خطوة أخيرة",
    pressLead:
      "هذه الخطوة الأخيرة على صفحتنا نحن، كي لا يستطيع أحد طلب الاشتراك باسم غيره من مكان آخر. ما كُتب ما زال هنا.",
    suggestionTitle: "هل العنوان صحيح؟",
    checkTitle: "يُرجى مراجعة النموذج",
    challengeLead: "تصلنا الآن طلبات اشتراك كثيرة. يُرجى إثبات أن الطلب من إنسان ثم الضغط على الزر.",
    challengeNoScript:
      "يحتاج هذا التحقق إلى JavaScript. من دونه تُرجى العودة بعد ساعة أو ساعتين، فلن يكون مطلوبًا حينها.",
    inboxTitle: "يُرجى تفقد البريد",
    inboxHint:
      "لم يصل شيء بعد بضع دقائق؟ قد تكون الرسالة في مجلد الرسائل غير المرغوب فيها. نرسل رسالة واحدة كهذه في اليوم على الأكثر إلى كل عنوان، ولا نرسلها إلى من تصله الرسائل الأسبوعية.",
    closedTitle: "مغلق في الوقت الحالي",
  },
};
