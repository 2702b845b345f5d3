"""What a reply sounds like, as text: `transcript` drops what is not spoken, `pronunciation` writes the rest in words.

Pure functions of text. May import `dialogue.clauses` and nothing else of Antiphon.

    transcript       markdown to what is said, as written      **$1.5M** 🎉  ->  $1.5M
      ├ inline       the markup within a line
      └ latex        formulas to one line, which `formula_spans` finds      $\\pi r^2$  ->  π r^2
    pronunciation    what is written to the words to say       $1.5M  ->  one point five million dollars
      ├ lexicon      what must be known about a language; `languages` has one file for each, and one for each idea
      ├ quantities   grouping, numbers, counts, money, fractions, scientific, measures, ordinals
      ├ read out     identifiers, phones, codes, letters, addresses
      └ the others   formulas, comparisons, timestamps, dates, durations, clock, abbreviations, symbols
"""
