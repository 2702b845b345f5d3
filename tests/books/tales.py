"""Books for tests."""

from __future__ import annotations

from antiphon.books.book import Book, Chapter, Cover, Paragraph, ParagraphKind

from .epubs import png


def text(*sentences: str) -> Paragraph:
    return Paragraph(sentences=sentences)


def heading(sentence: str) -> Paragraph:
    return Paragraph(kind=ParagraphKind.HEADING, sentences=(sentence,))


BREAK = Paragraph(kind=ParagraphKind.BREAK, sentences=())

TALE = Book(
    title="A <Tale> & more",
    authors=("Jane Doe",),
    language="en",
    cover=Cover(data=png(), media_type="image/png"),
    chapters=(
        Chapter(
            number=1,
            title="Rain",
            paragraphs=(heading("Rain"), text("It rained.", "It rained all day."), BREAK, text("Then it stopped.")),
        ),
        Chapter(
            number=2, title="Sun & wind", paragraphs=(heading("Sun"), text("“Look!” said Ann.", "“The sun,” said Bob."))
        ),
    ),
)
