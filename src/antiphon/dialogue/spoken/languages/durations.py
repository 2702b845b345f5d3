"""Durations and week numbers in each language."""

from __future__ import annotations

from antiphon.dialogue.spoken.lexicon import DurationWords, Noun, WeekWords
from antiphon.dialogue.spoken.rules import words_of

DURATIONS = {
    "en": DurationWords(
        hour=Noun("hour", "hours"),
        minute=Noun("minute", "minutes"),
        second=Noun("second", "seconds"),
        conjunction="and",
        hour_marks=r" ?(?:h|hrs?|hours?)",
        minute_marks=r" ?(?:min|mins|minutes?)",
        leads=words_of(
            "took takes lasts lasted lasting ran duration runtime length pace lap song track clip video "
            "record timer stopwatch countdown elapsed remaining clocked split mile"
        ),
        prepositions=words_of("in within under"),
        long_leads=words_of("marathon movie film flight drive journey trip hike race audiobook"),
        follows=words_of("long remaining left elapsed per"),
        clock_leads=words_of("at since until till by from before after around it's now"),
    ),
    "de": DurationWords(
        hour=Noun("Stunde", "Stunden", is_feminine=True),
        minute=Noun("Minute", "Minuten", is_feminine=True),
        second=Noun("Sekunde", "Sekunden", is_feminine=True),
        conjunction="und",
        hour_marks=r" ?(?:Std|Stunden?)",
        minute_marks=r" ?(?:[Mm]in|Minuten?)",
        leads=words_of(
            "dauert dauerte dauern gedauert brauchte braucht lief lang dauer laufzeit länge tempo runde lied song "
            "track clip video rekord bestzeit rundenzeit timer stoppuhr countdown"
        ),
        prepositions=words_of("in unter innerhalb"),
        long_leads=words_of("marathon film flug fahrt reise wanderung rennen hörbuch"),
        follows=words_of("lang pro"),
        clock_leads=words_of("um seit bis ab von vor nach gegen uhrzeit"),
    ),
    "fr": DurationWords(
        hour=Noun("heure", "heures", is_feminine=True),
        minute=Noun("minute", "minutes", is_feminine=True),
        second=Noun("seconde", "secondes", is_feminine=True),
        conjunction="et",
        hour_marks=r" heures?",
        minute_marks=r" ?(?:min|mn|minutes?)",
        leads=words_of(
            "dure durait duré durer pris durée longueur rythme allure tour chanson morceau clip vidéo record temps "
            "chrono chronomètre minuteur"
        ),
        prepositions=words_of("en sous"),
        long_leads=words_of("marathon film vol trajet voyage randonnée course"),
        follows=words_of("restantes par"),
        clock_leads=words_of("à depuis jusqu'à vers dès avant après de heure"),
    ),
    "es": DurationWords(
        hour=Noun("hora", "horas", is_feminine=True),
        minute=Noun("minuto", "minutos"),
        second=Noun("segundo", "segundos"),
        conjunction="y",
        hour_marks=r"(?!)",
        minute_marks=r" ?(?:min|minutos?)",
        leads=words_of(
            "dura duraba duró durar tarda tardó tardé duración ritmo vuelta canción pista clip vídeo video récord "
            "tiempo cronómetro temporizador"
        ),
        prepositions=words_of("en"),
        long_leads=words_of("maratón película vuelo viaje trayecto caminata carrera"),
        follows=words_of("restantes por"),
        clock_leads=words_of("las la desde hasta hora"),
    ),
    "it": DurationWords(
        hour=Noun("ora", "ore", is_feminine=True),
        minute=Noun("minuto", "minuti"),
        second=Noun("secondo", "secondi"),
        conjunction="e",
        hour_marks=r" ore",
        minute_marks=r" ?(?:min|minuti)",
        leads=words_of(
            "dura durava durato durare impiegato durata lunghezza ritmo passo giro canzone brano traccia clip video "
            "record tempo cronometro timer"
        ),
        prepositions=words_of("in sotto"),
        long_leads=words_of("maratona film volo viaggio escursione gara"),
        follows=words_of("rimanenti al"),
        clock_leads=words_of("alle all le dalle ore dopo fino ora"),
        elisions={r"\buna ora": "un'ora"},
    ),
    "pt": DurationWords(
        hour=Noun("hora", "horas", is_feminine=True),
        minute=Noun("minuto", "minutos"),
        second=Noun("segundo", "segundos"),
        conjunction="e",
        hour_marks=r"(?!)",
        minute_marks=r" ?(?:min|minutos?)",
        leads=words_of(
            "dura durava durou durar levou demorou duração ritmo volta música faixa clipe vídeo recorde tempo "
            "cronômetro cronómetro temporizador"
        ),
        prepositions=words_of("em"),
        long_leads=words_of("maratona filme voo viagem trajeto caminhada corrida"),
        follows=words_of("restantes por"),
        clock_leads=words_of("às à das desde até hora"),
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
