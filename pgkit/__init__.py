"""pgkit: a Postgres schema compiler."""
