"""The words that decide where a reply is cut into clauses: abbreviations, and words before or after which people pause.

Covers the languages that can be spoken: English, French, Italian, Spanish, Portuguese, German.
"""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


NEVER_END = _words(
    "dr drs mr mrs ms mx prof st ste messrs hon rev fr gen col maj capt cmdr lt sgt gov sen rep pres supt vs cf al ca "
    "approx fig figs vol vols pp ch eq jr sr mt ft ave blvd rd "
    "m mm mme mmes mlle mlles mgr env "
    "sig sigg sigra dott dottssa dr.ssa dott.ssa sig.ra avv ing prof.ssa geom pag pagg cfr "
    "sra sras srta dña dra dras ud uds núm pág págs av avda "
    "exmo exma séc hr fr frl bzw ggf inkl exkl evtl vgl zzgl sog bspw mio mrd tsd"
)
"""Abbreviations after which the sentence continues."""
MAY_END = _words(
    "etc ecc usw ff inc ltd corp co bros llc gmbh no nos nr n p art cap abb bd kap std min max tel tél ext "
    "ref réf rif acct cell tfno mill tsp tbsp oz "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun "
    "janv févr avr juil déc gen mag giu lug ago sett ott dic ene abr fev out dez okt mrz"
)
"""Abbreviations that may also be a sentence's last word."""
HALVES_OF_DAY = frozenset(["a.m", "p.m"])
ORDINAL_LEADS = _words("am im der die das den dem des vom zum zur beim bis ab seit jeder jeden jedem")
"""After these, "3." is a German ordinal."""
GERMAN_MONTHS = _words("januar jänner februar märz april mai juni juli august september oktober november dezember")
"""Before these, too."""
NAME_JOINERS = _words("and et e y und")
"""Between two names."""
JOINERS = NAME_JOINERS | _words(
    "or but because so that which who when while if as with for in on at to from by into about since although until "
    "ou mais car que qui quand si avec pour dans sur par depuis lorsque afin "
    "o ma perché che con per quando se mentre "
    "pero porque para en por cuando mientras sino "
    "mas com em enquanto "
    "oder aber weil dass mit für auf bei wenn als damit obwohl"
)
OPENS_A_PHRASE = JOINERS | _words(
    "is are was were has have had can could will would may might must should "
    "est sont était ont peut peuvent "
    "è sono era ha hanno può possono "
    "es son está están han puede pueden "
    "é são está estão tem têm pode podem "
    "ist sind war waren hat haben kann können wird werden"
)
"""Before these, people pause anyway."""
CLINGS_TO_THE_WORD_BEFORE = _words("of de du des di del della dei degli do da dos das der von")
"""Nobody pauses before these."""
LEANS_ON_THE_NEXT_WORD = JOINERS | _words(
    "a an the of my your his her its our their this these those is are was were be been will would can could not no "
    "very most more so as has have had do does did may might must should to in on at by for from with into about "
    "été avoir être plus très dans sur pour par avec en à a ont avait peut stato stata essere più molto per con su da "
    "ha hanno può sido ser ha han más muy para por con en há mais muito em com mehr bei mit für auf aus hat haben kann "
    "le la les un une des de du au aux mon ma mes son sa ses ce cette est sont il lo gli i uno una di del della "
    "dei nel nella al alla el los las unos unas es son o os um uma do dos das no na é são der die das den dem des ein "
    "eine einen einem einer ist sind von zu im am sehr "
    "i you he she it we they there this that je tu il elle on nous vous ils elles io lui lei noi voi yo tú él ella eu "
    "ele ela ich du er sie es wir ihr"
)
"""Nobody pauses after these."""
