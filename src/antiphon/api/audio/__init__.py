"""Speech, transcriptions and translations: audio without a conversation. May import everything below `api`."""
