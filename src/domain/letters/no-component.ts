// Stands in the Worker bundle for parts of @react-email/components that no letter uses and that would treble it (wrangler.toml, [alias]).
export {};
