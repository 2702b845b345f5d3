"""Files to `Book`: EPUB, HTML, Markdown and plain text.

archive      a ZIP archive from a stranger, of which no part is read beyond its limit
markup       XML and HTML from a stranger, without entities
elements     which elements begin a block, and which nobody reads aloud: notes, page numbers, navigation
blocks       markup to headings and paragraphs
sentences    paragraphs to sentences
chapters     blocks to chapters
epub, html, markdown, text      the formats
"""
