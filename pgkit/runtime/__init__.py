"""Connections, our own servers, scratch databases: knows how to reach Postgres, never what a schema is."""
