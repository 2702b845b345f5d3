"""What a finished job becomes: one file for players, one a chapter, a book to read along, subtitles."""
