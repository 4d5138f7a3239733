"""Where keys live: never in the log's database, never in its backup."""
