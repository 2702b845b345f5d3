"""What is counted in thousands and millions, in each language's spelling."""

from __future__ import annotations

from antiphon.dialogue.spoken.lexicon import CountWords, Noun

ENGLISH = CountWords(
    noun=(
        r"(?:(?:active|new|daily|monthly|weekly|annual|total|unique|registered|paid|paying|regular|global|more|extra|"
        r"other|"
        r"additional|concurrent|website|page|video|app|album|record|young|older|social|media|estimated|lost|open|"
        r"online|mobile|[A-Z][\w-]{1,20}) ){0,3}"
        r"(?!(?:this|is|was|has|its|his|as|us|does|plus|thus|always|perhaps|towards|\w{2,8}wards|sideways|times|"
        r"besides|"
        r"unless|versus|yes|minus|runs|goes|makes|gets|takes|costs|looks|feels|seems|comes|means|says|works|needs)\b)"
        r"(?:people|men|women|children|folks?|staff|data|[a-z]{1,20}[a-rt-z]s)"
    ),
    short={
        "k": Noun("thousand", "thousand"),
        "K": Noun("thousand", "thousand"),
        "m": Noun("million", "million"),
        "mn": Noun("million", "million"),
        "mm": Noun("million", "million"),
        "M": Noun("million", "million"),
        "MM": Noun("million", "million"),
        "b": Noun("billion", "billion"),
        "B": Noun("billion", "billion"),
        "bn": Noun("billion", "billion"),
        "tn": Noun("trillion", "trillion"),
        "T": Noun("trillion", "trillion"),
    },
    attached=frozenset("kKbBT"),
    not_thousands_of=(
        "runs|runners|races|videos|TVs|monitors|displays|screens|cameras|resolutions|televisions|projectors|movies|"
        "films|events|textures|resistors"
    ),
    not_millions_of=(
        "waves|cables|ropes|poles|ladders|walls|fences|sprints|races|hurdles|steps|stairs|intervals|snakes|sharks|"
        "pipes|"
        "tubes|boards|planks|strips|lengths|sections|rolls|pieces|squares|trees|plants|hedges|drops|falls|jumps|dives|"
        "lanes|pools|beams|rods|tables|sofas|beds|rugs|curtains|doors|gates|swells|tides|telescopes|mirrors|dishes|"
        "antennas|masts|towers|boats|yachts|wires|chains|cords|hoses|gaps|holes|trenches|swims|laps|heats|finals|runs|"
        "whales|dolphins|crocodiles|pythons|dinosaurs|statues|blocks|cliffs|ceilings|kayaks|surfboards|apart|boxes"
    ),
    after=(
        "population|audience|turnover|revenues?|sales|profits?|followers|downloads|users|subscribers|views|readership|"
        "circulation|budget|valuation|viewers|listeners|streams|membership|installs|votes"
    ),
    not_after=" (?:long|tall|wide|deep|high|away|above|below|of|apart|across|from|thick|sprint|race)(?![^\\W_])",
)

_GERMAN_MILLION = Noun("Million", "Millionen", is_feminine=True)
_GERMAN_BILLION = Noun("Milliarde", "Milliarden", is_feminine=True)

GERMAN = CountWords(
    noun=r"(?:[a-zäöüß]{2,20}e[nrs]? ){0,2}[A-ZÄÖÜ][a-zäöüß]{2,40}",
    short={
        "k": Noun("tausend", "tausend"),
        "K": Noun("tausend", "tausend"),
        "M": _GERMAN_MILLION,
        "Mill.": _GERMAN_MILLION,
        "Mio": _GERMAN_MILLION,
        "Mio.": _GERMAN_MILLION,
        "Mrd": _GERMAN_BILLION,
        "Mrd.": _GERMAN_BILLION,
    },
    attached=frozenset("kKM"),
    not_thousands_of=(
        r"\w*[Ll]auf|\w*[Ll]äufe\w*|Videos?|Auflösung|Fernseher\w*|Monitor\w*|Displays?|Bildschirm\w*|Kameras?|"
        r"Marathon|"
        "Qualität|Inhalte?|Strecke|Rennen|Filme?"
    ),
)

_FRENCH_MILLION = Noun("million", "millions")
_FRENCH_BILLION = Noun("milliard", "milliards")

FRENCH = CountWords(
    noun=(
        r"(?!(?:dans|pas|plus|moins|vers|sans|sous|depuis|après|très|mais|puis|alors|ses|les|des|mes|nous|vous|ils|"
        r"elles|"
        r"hors|dès|près|toujours|jamais|deux)\b)[^\W\d_]{2,30}[sx]"
    ),
    short={
        "k": Noun("mille", "mille"),
        "K": Noun("mille", "mille"),
        "M": _FRENCH_MILLION,
        "Mio": _FRENCH_MILLION,
        "Md": _FRENCH_BILLION,
        "Mds": _FRENCH_BILLION,
        "md": _FRENCH_BILLION,
        "mds": _FRENCH_BILLION,
        "Mrd": _FRENCH_BILLION,
        "Mrds": _FRENCH_BILLION,
    },
    not_thousands_of="vidéos|écrans|téléviseurs|moniteurs|courses|coureurs|caméras|films",
    of="de |d['’]",
)

_SPANISH_MILLION = Noun("millón", "millones")

SPANISH = CountWords(
    noun=r"(?!(?:más|menos|tras|los|las|después|antes|entonces|además)\b)[a-záéíóúñ]{2,30}s",
    short={
        "k": Noun("mil", "mil"),
        "K": Noun("mil", "mil"),
        "M": _SPANISH_MILLION,
        "MM": _SPANISH_MILLION,
        "mill.": _SPANISH_MILLION,
        "mm": _SPANISH_MILLION,
    },
    not_thousands_of="v[ií]deos|pantallas|monitores|televisores|carreras|cámaras|corredores|películas",
    of="de ",
)

_ITALIAN_MILLION = Noun("milione", "milioni")
_ITALIAN_BILLION = Noun("miliardo", "miliardi")

ITALIAN = CountWords(
    noun=(
        r"(?!(?:che|dei|delle|nelle|alle|dalle|sulle|nei|dai|sui|oltre|anche|come|invece|più|poi|quasi|oggi|ieri|prime|"
        r"nel|del|per|con)\b)(?:follower|download|fan|like|post|click|view|stream|[a-zàèéìòù]{2,30}[ieà])"
    ),
    short={
        "k": Noun("mila", "mila"),
        "K": Noun("mila", "mila"),
        "M": _ITALIAN_MILLION,
        "mln": _ITALIAN_MILLION,
        "Mln": _ITALIAN_MILLION,
        "mln.": _ITALIAN_MILLION,
        "mld": _ITALIAN_BILLION,
        "Mld": _ITALIAN_BILLION,
        "mld.": _ITALIAN_BILLION,
    },
    not_thousands_of="schermi|monitor|televisori|corse|gare|telecamere|corridori",
    of="di |d['’]",
)

_PORTUGUESE_MILLION = Noun("milhão", "milhões")
_PORTUGUESE_BILLION = Noun("bilhão", "bilhões")

PORTUGUESE = CountWords(
    noun=r"(?!(?:mais|menos|após|dos|das|nos|nas|pelos|pelas|depois|antes|através)\b)[a-záéíóúâêôãõç]{2,30}s",
    short={
        "k": Noun("mil", "mil"),
        "K": Noun("mil", "mil"),
        "M": _PORTUGUESE_MILLION,
        "MM": _PORTUGUESE_MILLION,
        "mi": _PORTUGUESE_MILLION,
        "bi": _PORTUGUESE_BILLION,
        "B": _PORTUGUESE_BILLION,
        "tri": Noun("trilhão", "trilhões"),
    },
    not_thousands_of="v[ií]deos|telas|monitores|televisores|corridas|câmeras|corredores|filmes",
    of="de ",
)
