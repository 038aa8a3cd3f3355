-- Drizzle cannot declare an extension, so this one is made by hand. The embeddings need it.
CREATE EXTENSION IF NOT EXISTS vector;
