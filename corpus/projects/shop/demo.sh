#!/bin/sh
# The main job on the project beside this file: replay, drift, Rust, TypeScript and Zod. `make demo` runs it.
set -eu
cd "$(dirname "$0")"
PATH="$(cd ../../.. && pwd)/.venv/bin:$PATH"

echo "A shop that keeps its schema in Drizzle: $(ls drizzle/*.sql | wc -l | tr -d ' ') migrations in corpus/projects/shop/drizzle."
echo
echo '$ pgkit drift drizzle --replay        # does the SQL that we ship make the schema that we believe in?'
status=0
pgkit drift drizzle --replay || status=$?
echo "(exit code $status: 1 stops a CI job, 0 lets it pass)"
[ "$status" -eq 1 ] || { echo "the demo expects one drift" >&2; exit 1; }
echo
echo '$ pgkit gen                           # the targets of pgkit.toml'
pgkit gen
pgkit gen --check >/dev/null 2>&1
echo
echo "Look at:"
for file in rust/order.rs rust/orders.rs typescript/orders.ts zod/orders.ts; do
    [ ! -e "../../../build/demo/$file" ] || echo "  build/demo/$file"
done
echo "  corpus/projects/shop/schema.ts, pgkit.toml and README.md, for where it comes from"
