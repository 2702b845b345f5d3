"""What announces figures that are read out rather than counted, in each language."""

from __future__ import annotations

from antiphon.dialogue.spoken.lexicon import IdentifierWords

ENGLISH = IdentifierWords(
    secrets=(
        r"pins?|pin codes?|passcodes?|passwords?|otp|zip(?: ?codes?)?|post(?:al )?codes?|"
        r"(?<!dress )(?<!status )(?<!error )"
        r"(?<!exit )(?<!response )(?<!return )(?<!country )codes?|routing|accounts?|acct\.?|ssn|social security|"
        r"(?:credit |debit |bank |gift )?cards?(?= (?:number|no|ending|is))|ending in|ends in|last (?:four|three|4|3)"
        r" digits|tracking|confirmation|serial|passport|licen[cs]e|imei|isbn(?:-1[03])?|vin|iban|(?:licen[cs]e |"
        r"number )plate|bin|iin|"
        r"phone(?: number)?|telephone(?: number)?|tel\.?|fax|mobile|cell|whatsapp|ext\.?|extension|tax id|ein"
    ),
    references=(
        r"orders?|invoices?|tickets?|cases?|references?|ref\.?|bookings?|reservations?|polic(?:y|ies)|members?|"
        r"membership|customers?|employees?|students?|shipments?|parcels?|packages?|receipts?|claims?|transactions?|"
        r"ids?|no\.|nos\."
    ),
    links=r"numbers?|no\.?|nos\.|codes?|ids?|is|was|are|be|of|the|your|my|our|to|id|ending|in|starting|with|digits",
    calls=r"reach|call|calls|called|calling|dial|dials|dialed|dialled|dialing|dialling|phone|ring|text|texting|hotline|"
    r"helpline|"
    r"emergency number|emergency services|emergency line|text [A-Z]+ to|message|phoning|ringing|police|ambulance|"
    r"fire (?:brigade|department|service)|emergenc(?:y|ies)|non-emergency|poison control|samaritans",
    call_links=(
        r"(?:in|across|throughout) (?:the )?\w+|the|number|at|on|is|was|us|me|him|her|them|free|toll-free|either|"
        r"emergency|services|police|ambulance|line|"
        r"helpline|hotline|crisis|lifeline|for|free-phone|directly|immediately|now|to|your|local"
    ),
    called=(
        r"(?:is|are|was) (?:the|a|an|your|our|Europe['’]s)\b[^.!?]{0,50}?(?:emergency|crisis|police|ambulance|hotline|"
        r"helpline|lifeline|fire|rescue)|for (?:the )?(?:police|fire|ambulance|medical|emergenc)|"
        r"(?:emergency )?(?:calls?|dispatchers?|operators?|hotline|helpline)\b"
    ),
    not_counted=(
        r"people|men|women|children|(?!always\b|this\b|unless\b|perhaps\b|sometimes\b|plus\b|thus\b|yes\b|\w+ss\b|"
        r"besides\b)[a-z]{3,20}s"
    ),
    postcode_before=(
        r"(?<!\w)(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|"
        r"V[AT]|W[AIVY]) "
    ),
)

GERMAN = IdentifierWords(
    secrets=(
        r"pins?|\w*codes?|\w*[ck]ode-?nummer|kennwort|passwort|kennzeichen|\w*konto|plz|postleitzahl(?:en)?|vorwahl|"
        r"iban|blz|bankleitzahl|"
        r"geheimzahl|tan|(?:konto|karten|kreditkarten|ruf|telefon|handy|mobil|fax|sendungs|serien|personal|ausweis|"
        r"pass|"
        r"sozialversicherungs|ahv|mitglieds|kunden|bestell|auftrags|vertrags|rechnungs|steuer|matrikel|service|"
        r"buchungs|vorgangs|artikel|versicherungs|ticket|referenz|chargen|tracking|geräte|paket|identifikations)-?"
        r"nummern?|konto|telefon|tel\.?|fax|mobil|handy|durchwahl|isbn(?:-1[03])?|imei|endet auf|endend auf|"
        r"steuer-id|\w{4,}-?nr\."
    ),
    references=(
        r"bestellung(?:en)?|rechnung(?:en)?|auftrag|ticket|aktenzeichen|az\.|vorgang|buchung|sendung|referenz|nummern?|"
        r"nr\.|ids?|artikel|kunde"
    ),
    links=r"nummer|nr\.?|ist|lautet|sind|war|die|der|das|ihre?|deine?|meine?|id|mit|endet|auf",
    calls=(
        r"ruf\w*|anruf\w*|wähl\w*|angerufen|notruf(?:nummern?)?|erreich\w+|hotline|telefonseelsorge|nummer|feuerwehr|"
        r"polizei|"
        r"rettungsdienst|auskunft"
    ),
    call_links=(
        r"uns|mich|in (?:der |den )?\w+|sie|du|wir|ich|man|bitte|sofort|die|den|der|unter|nummer|im|notfall|"
        r"feuerwehr|polizei|"
        r"ist|lautet|notruf|"
        r"gleich|"
        r"immer|direkt|einfach|dann|oder|rettungsdienst|kostenlos|kostenlose|europaweit|europaweite|hat"
    ),
    called=(
        r"(?:an)?(?:rufen|wählen|gerufen|gewählt)|ist (?:die|der|eine|europaweit)\b[^.!?]{0,50}?(?:[Nn]otruf|Feuerwehr|"
        r"Polizei|Rettung|Hotline|Seelsorge)|für (?:die |den )?(?:Polizei|Feuerwehr|Rettung|Notf)"
    ),
    not_counted=r"Zeilen|Male?|Personen|Menschen|Kunden|Leute|Stück|Freunde|Tage|Teilnehmer|Gäste|Euro|Seiten",
    postcode_before=r"(?<=\d, )|(?<=\d[a-z], )|(?<!\w)(?:DE?|PLZ)[ -]|(?<!\w)(?:A|CH)-(?=\d{4} )",
    postcode_after=(
        r"München|Berlin|Hamburg|Köln|Frankfurt|Stuttgart|Düsseldorf|Leipzig|Dortmund|Essen|Bremen|Dresden|Hannover|"
        r"Nürnberg|Duisburg|Bochum|Wuppertal|Bielefeld|Bonn|Münster|Mannheim|Karlsruhe|Augsburg|Wiesbaden|Mainz|"
        r"Freiburg|"
        r"Kiel|Lübeck|Erfurt|Rostock|Kassel|Potsdam|Heidelberg|Regensburg|Würzburg|Ulm|Jena|Aachen|Halle|Magdeburg|"
        r"Wien|Graz|Linz|Salzburg|Innsbruck|Zürich|Basel|Bern|Luzern|Winterthur|Sankt Gallen|Genf|Lausanne"
    ),
)

FRENCH = IdentifierWords(
    secrets=(
        r"codes?(?! postal| postaux)|pin|mot de passe|identifiant|plaque|immatriculation|siren|siret|rib|iban|"
        r"téléphone|tél\.?|portable|"
        r"mobile|fax|"
        r"num[ée]ros? (?:de|du|d['’])(?: la)? ?(?:carte|compte|commande|série|suivi|client|dossier|téléphone|portable|"
        r"sécurité sociale|facture|réservation|colis|passeport|contrat|sécu|adhérent|billet|fax)(?: bancaire)?|isbn|"
        r"imei|"
        r"se termin\w+ par|finissant par|n° de (?:carte|compte|commande|série|suivi|client|dossier|facture)"
    ),
    references=r"commandes?|factures?|dossiers?|références?|réf\.?|colis|réservations?|tickets?|numéros?|n°|contrats?",
    links=(
        r"numéro|n°|no\.?|est|était|le|la|votre|mon|notre|ton|de|pin|secret|d['’]accès|accès|vérification|confirmation|"
        r"code|client|sécurité|validation|promo|activation|bancaire|au|du|sont|par"
    ),
    calls=(
        r"appel\w*|compos\w+|téléphon\w+|joindre|contact\w+|urgences|numéro d['’]urgence|pompiers|police|samu|"
        r"gendarmerie|numéro vert"
    ),
    call_links=(
        r"en \w+|le|la|les|au|numéro|est|immédiatement|gratuitement|vite|d['’]abord|vous|nous|moi|police|pompiers|samu|"
        r"aussitôt|"
        r"directement|d['’]urgence|européen"
    ),
    not_counted=r"personnes|fois|gens|[^\W\d_]{3,20}[sx]",
    short_numbers_are_digits=False,
    pairs=True,
)

SPANISH = IdentifierWords(
    secrets=(
        r"c[óo]digos?|pin|contraseña|matrícula|clave|dni|nie|nif|cif|c\.? ?p\.?|iban|móvil|celular|teléfono|tel\.?|"
        r"tfno\.?|fax|"
        r"prefijo|"
        r"n[úu]meros? de (?:la )?(?:tarjeta|cuenta|pedido|serie|seguimiento|teléfono|cliente|factura|referencia|"
        r"reserva|"
        r"seguridad social|socio|pasaporte|póliza|rastreo|guía|expediente|móvil|confirmación)|isbn|imei|termina\w* en|"
        r"acabad[ao] en|rut|curp|cédula"
    ),
    references=r"pedidos?|facturas?|referencias?|ref\.?|reservas?|expedientes?|tickets?|n\.?[º°]|núm\.|guía|"
    r"clientes?",
    links=(
        r"número|núm\.|n\.?[º°]|es|era|el|la|su|tu|mi|de|postal|pin|secreto|acceso|verificación|seguridad|confirmación|"
        r"activación|código|del|cliente|en|son|descuento|promocional"
    ),
    calls=(
        r"llam\w+|marc\w+|telefon\w+|teléfono de emergencias|emergencias|bomberos|policía|ambulancia|"
        r"número de emergencias?|"
        r"línea de ayuda"
    ),
    call_links=(
        r"en (?:la |los )?\w+|al?|el|la|los|número|es|inmediatamente|gratis|nos|ya|teléfono|directamente|primero|de|"
        r"emergencias?|policía|"
        r"bomberos|siempre|enseguida|urgencias?"
    ),
    called=r"para (?:la |los |una )?(?:policía|bombero|emergencia|ambulancia|urgencia)|es (?:el|"
    r"un)\b[^.!?]{0,50}?(?:emergencia|policía|bomberos|urgencia|ambulancia)",
    not_counted=r"personas|veces|[a-záéíóúñ]{4,20}s",
    phones=r"|[6-9]\d{2} \d{3} \d{3}(?! \d| ?[€$%£]| (?!(?:para|por|con|que|cuando|entre|desde|hasta|ahora|"
    r"si)\b)[a-zñ]{2,})",
)

ITALIAN = IdentifierWords(
    secrets=(
        r"codic[ei]|pin|password|cap|c\.a\.p\.|iban|prefisso|cellulare|telefono|tel\.?|fax|cell\.?|matricola|targa|"
        r"partita iva|"
        r"p\. ?iva|numer[oi] (?:di|della|del|dell['’])(?: tua| vostra| sua)? ?(?:carta|conto|ordine|serie|telefono|"
        r"spedizione|tracciamento|cliente|pratica|fattura|prenotazione|polizza|passaporto|tracking|cellulare|tessera)|"
        r"isbn|imei|termina (?:con|per)|che finisce (?:con|per)"
    ),
    references=(
        r"ordin[ei]|fattur[ae]|pratic[ah]e?|riferimento|rif\.|prenotazion[ei]|spedizione|ticket|n\.|nr\.|"
        r"n°|client[ei]"
    ),
    links=(
        r"numero|n\.|n°|nr\.|è|era|il|la|tuo|suo|mio|vostro|di|postale|pin|segreto|accesso|verifica|sicurezza|conferma|"
        r"sono|cliente|fiscale|sconto|attivazione|al|con|per"
    ),
    calls=(
        r"chiam\w+|compo\w+|telefon\w+|numero di emergenza|emergenz[ae]|polizia|carabinieri|vigili del fuoco|ambulanza|"
        r"numero unico|numero verde|guardia medica"
    ),
    call_links=(
        r"in \w+|nel \w+|negli \w+|il|lo|al|allo|numero|è|subito|immediatamente|gratis|i|polizia|carabinieri|"
        r"ambulanza|sempre|direttamente|"
        r"unico|"
        r"europeo|di|emergenza|prima|per"
    ),
    called=r"per (?:la |i |le |l['’])?(?:polizia|carabinieri|emergenz|ambulanza|vigili)|"
    r"è il\b[^.!?]{0,50}?(?:emergenz|polizia|soccorso|ambulanza|vigili)",
    not_counted=r"volte|persone|clienti|amici|utenti|righe|euro|giorni|ospiti",
    short_numbers_are_digits=False,
    short_numbers_of_digits=frozenset(["112"]),
)

PORTUGUESE = IdentifierWords(
    secrets=(
        r"c[óo]digos?|pin|senha|cep|cpf|cnpj|rg|iban|celular|telefone|tel\.?|fax|ddd|agência|conta(?: corrente)?|"
        r"placa|protocolo|"
        r"n[úu]meros? (?:de|do|da)(?: seu| sua)? ?(?:cartão|conta|pedido|série|rastreio|rastreamento|telefone|cliente|"
        r"fatura|referência|reserva|protocolo|celular|matrícula|passaporte)|isbn|imei|termina\w* em|com final|whatsapp"
    ),
    references=r"pedidos?|faturas?|referências?|ref\.?|reservas?|n\.?[º°]|clientes?|tickets?|matrícula|"
    r"encomenda",
    links=(
        r"número|n\.?[º°]|é|era|o|a|seu|sua|meu|minha|de|do|da|postal|pin|secreto|acesso|verificação|segurança|"
        r"confirmação|"
        r"ativação|código|cliente|em|são|desconto|promocional|rastreio|rastreamento"
    ),
    calls=(
        r"lig\w+|disqu\w+|disc\w+|telefon\w+|cham\w+|emergências?|polícia|bombeiros|samu|ambulância|"
        r"número de emergência|"
        r"disque"
    ),
    call_links=(
        r"em \w+|na \w+|nos \w+|para|pra|pro|ao|o|a|no|número|é|imediatamente|grátis|já|telefone|diretamente|polícia|"
        r"bombeiros|samu|de|"
        r"emergência|logo|os|do"
    ),
    called=r"para (?:a |os |o |uma )?(?:polícia|bombeiros|emergência|ambulância|samu|SAMU)|"
    r"é o\b[^.!?]{0,50}?(?:emergência|polícia|bombeiros|ambulância|samu|SAMU)",
    not_counted=r"pessoas|vezes|[a-záéíóúâêôãõç]{4,20}s",
    phones=r"|9\d{2} \d{3} \d{3}(?! \d| ?[€$%£]| (?!(?:para|por|com|que|quando|entre|desde|até|agora|se)\b)[a-zç]{2,})",
)
