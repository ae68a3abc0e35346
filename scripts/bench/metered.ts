/** What D1 bills, and how often it was asked. */
export type Meter = { read: number; written: number; statements: number; roundTrips: number };

/** The same database, but it counts what D1 bills where it's asked as drizzle asks. */
export function metered(binding: D1Database, meter: Meter): D1Database {
  const inner = new WeakMap<D1PreparedStatement, D1PreparedStatement>();
  const count = <T>(result: D1Result<T>): D1Result<T> => {
    meter.read += result.meta.rows_read;
    meter.written += result.meta.rows_written;
    meter.statements += 1;
    return result;
  };
  const trip = <T>(promise: Promise<T>): Promise<T> => {
    meter.roundTrips += 1;
    return promise;
  };
  const wrap = (statement: D1PreparedStatement, sql: string): D1PreparedStatement => {
    const wrapped = replaced(statement, {
      bind: (...values: unknown[]) => wrap(statement.bind(...values), sql),
      run: async () => count(await trip(statement.run())),
      all: async () => count(await trip(statement.all())),
      // raw() answers without the bill. A read runs once more for it; a write gives its few columns under names of their own.
      raw: async () => {
        const all = count(await trip(statement.all()));
        return /^\s*(select|with)/i.test(sql)
          ? statement.raw()
          : all.results.map((row) => Object.values(row));
      },
    });
    inner.set(wrapped, statement);
    return wrapped;
  };
  return replaced(binding, {
    prepare: (sql: string) => wrap(binding.prepare(sql), sql),
    batch: async (statements: D1PreparedStatement[]) => {
      const own = statements.map((statement) => inner.get(statement) ?? statement);
      return (await trip(binding.batch(own))).map(count);
    },
  });
}

/** An object with other methods under some of its names. */
function replaced<T extends object>(target: T, methods: Partial<Record<keyof T, unknown>>): T {
  return new Proxy(target, {
    get: (_, name) => (Object.hasOwn(methods, name) ? Reflect.get(methods, name) : Reflect.get(target, name)),
  });
}
