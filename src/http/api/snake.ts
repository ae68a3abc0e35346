type SnakeKey<Text extends string> = Text extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeKey<Tail>}`
  : Text;

/** A row with its field names in snake_case. */
export type Snake<Row> = { readonly [Name in keyof Row & string as SnakeKey<Name>]: Row[Name] };

/** The row with its field names in snake_case, as the API names fields; values stay as they are. */
export function snake<Row extends object>(row: Row): Snake<Row> {
  const named = Object.entries(row).map(([name, value]) => [
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return Object.fromEntries(named);
}
