"""Audiobooks: a book is read, narrated sentence by sentence, and written as audio and as a book to read along.

    reading        files to `book.Book`: chapters, paragraphs, sentences. Pure but for opening the file
    narration      sentences to speech, with a voice for each character
    job            the folder in which a book is being made; what is in its journal has been said
    mastering      loudness, peaks and room tone
    writing        what the finished job becomes: M4B, MP3, EPUB with media overlays, subtitles

May import `dialogue`, `engines` and `audio`.
"""
