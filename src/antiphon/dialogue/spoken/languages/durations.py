"""How long something takes, and weeks by their number, in each language."""

from __future__ import annotations

from antiphon.dialogue.spoken.lexicon import DurationWords, Noun, WeekWords


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


DURATIONS = {
    "en": DurationWords(
        hour=Noun("hour", "hours"),
        minute=Noun("minute", "minutes"),
        second=Noun("second", "seconds"),
        conjunction="and",
        hour_marks=r" ?(?:h|hrs?|hours?)",
        minute_marks=r" ?(?:min|mins|minutes?)",
        leads=_words(
            "took takes lasts lasted lasting ran duration runtime length pace lap song track clip video "
            "record timer stopwatch countdown elapsed remaining clocked split mile"
        ),
        prepositions=_words("in within under"),
        long_leads=_words("marathon movie film flight drive journey trip hike race audiobook"),
        follows=_words("long remaining left elapsed per"),
        clock_leads=_words("at since until till by from before after around time it's now"),
    ),
    "de": DurationWords(
        hour=Noun("Stunde", "Stunden", is_feminine=True),
        minute=Noun("Minute", "Minuten", is_feminine=True),
        second=Noun("Sekunde", "Sekunden", is_feminine=True),
        conjunction="und",
        hour_marks=r" ?(?:Std|Stunden?)",
        minute_marks=r" ?(?:[Mm]in|Minuten?)",
        leads=_words(
            "dauert dauerte dauern gedauert brauchte braucht lief lang dauer laufzeit länge tempo runde lied song "
            "track clip video rekord bestzeit rundenzeit timer stoppuhr countdown"
        ),
        prepositions=_words("in unter innerhalb"),
        long_leads=_words("marathon film flug fahrt reise wanderung rennen hörbuch"),
        follows=_words("lang pro"),
        clock_leads=_words("um seit bis ab von vor nach gegen uhrzeit"),
    ),
    "fr": DurationWords(
        hour=Noun("heure", "heures", is_feminine=True),
        minute=Noun("minute", "minutes", is_feminine=True),
        second=Noun("seconde", "secondes", is_feminine=True),
        conjunction="et",
        hour_marks=r" heures?",
        minute_marks=r" ?(?:min|mn|minutes?)",
        leads=_words(
            "dure durait duré durer pris durée longueur rythme allure tour chanson morceau clip vidéo record temps "
            "chrono chronomètre minuteur"
        ),
        prepositions=_words("en sous"),
        long_leads=_words("marathon film vol trajet voyage randonnée course"),
        follows=_words("restantes par"),
        clock_leads=_words("à depuis jusqu'à vers dès avant après de heure"),
    ),
    "es": DurationWords(
        hour=Noun("hora", "horas", is_feminine=True),
        minute=Noun("minuto", "minutos"),
        second=Noun("segundo", "segundos"),
        conjunction="y",
        hour_marks=r"(?!)",
        minute_marks=r" ?(?:min|minutos?)",
        leads=_words(
            "dura duraba duró durar tarda tardó tardé duración ritmo vuelta canción pista clip vídeo video récord "
            "tiempo cronómetro temporizador"
        ),
        prepositions=_words("en"),
        long_leads=_words("maratón película vuelo viaje trayecto caminata carrera"),
        follows=_words("restantes por"),
        clock_leads=_words("las la desde hasta hora"),
    ),
    "it": DurationWords(
        hour=Noun("ora", "ore", is_feminine=True),
        minute=Noun("minuto", "minuti"),
        second=Noun("secondo", "secondi"),
        conjunction="e",
        hour_marks=r" ore",
        minute_marks=r" ?(?:min|minuti)",
        leads=_words(
            "dura durava durato durare impiegato durata lunghezza ritmo passo giro canzone brano traccia clip video "
            "record tempo cronometro timer"
        ),
        prepositions=_words("in sotto"),
        long_leads=_words("maratona film volo viaggio escursione gara"),
        follows=_words("rimanenti al"),
        clock_leads=_words("alle le dalle ore dopo fino ora"),
        elisions={r"\buna ora": "un'ora"},
    ),
    "pt": DurationWords(
        hour=Noun("hora", "horas", is_feminine=True),
        minute=Noun("minuto", "minutos"),
        second=Noun("segundo", "segundos"),
        conjunction="e",
        hour_marks=r"(?!)",
        minute_marks=r" ?(?:min|minutos?)",
        leads=_words(
            "dura durava durou durar levou demorou duração ritmo volta música faixa clipe vídeo recorde tempo "
            "cronômetro cronómetro temporizador"
        ),
        prepositions=_words("em"),
        long_leads=_words("maratona filme voo viagem trajeto caminhada corrida"),
        follows=_words("restantes por"),
        clock_leads=_words("às à das desde até hora"),
    ),
}
"""By ISO 639-1 code."""

WEEKS = {
    "en": WeekWords(
        week="week {week} of {year}",
        day_of_week="{day} of {week}",
        days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ),
    "de": WeekWords(
        week="Kalenderwoche {week} {year}",
        day_of_week="{day} in {week}",
        days=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    ),
    "fr": WeekWords(
        week="semaine {week} de {year}",
        day_of_week="{day} de la {week}",
        days=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    ),
    "es": WeekWords(
        week="semana {week} de {year}",
        day_of_week="{day} de la {week}",
        days=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    ),
    "it": WeekWords(
        week="settimana {week} del {year}",
        day_of_week="{day} della {week}",
        days=("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
    ),
    "pt": WeekWords(
        week="semana {week} de {year}",
        day_of_week="{day} da {week}",
        days=("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"),
    ),
}
"""By ISO 639-1 code."""
