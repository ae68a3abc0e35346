import "hono/jsx";

declare module "hono/jsx" {
  namespace JSX {
    interface IntrinsicElements {
      /** The sign-up form's element (partners/embed/element). */
      "themepost-form": { preview?: string; lang?: string; partner?: string; children?: unknown };
    }
  }
}
