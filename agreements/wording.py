"""The wording an agreement begins with, in both languages: draft wording, which a board's counsel has yet to read.

An article is a key with its heading; the text between is worked out from the partnership where no clause stands here.
Placeholders: school, board, partner, title, school_lead, partner_lead, ends_on.
"""

ARTICLES: dict[str, tuple[str, str]] = {
    "parties": ("Parties", "Parties"),
    "purpose": ("Purpose", "But de l’entente"),
    "objectives": ("Objectives", "Objectifs"),
    "promises": ("Expectations and commitments", "Attentes et engagements"),
    "roles": ("Roles", "Rôles"),
    "safety": ("Screening and student safety", "Vérification des antécédents et sécurité des élèves"),
    "insurance": ("Insurance and liability", "Assurance et responsabilité"),
    "privacy": ("Privacy", "Protection des renseignements personnels"),
    "names": ("Use of names and logos", "Utilisation des noms et des logos"),
    "communications": ("Communications", "Communications"),
    "term": ("Term", "Durée"),
    "review": ("Review and evaluation", "Bilan et évaluation"),
    "renewal": ("Renewal and ending", "Renouvellement et fin de l’entente"),
    "nature": ("Nature of this memorandum", "Nature du présent protocole"),
    "answers": ("The yes of both sides", "Le oui des deux côtés"),
}

ENGLISH: dict[str, list[str]] = {
    "parties": [
        "{board} (“the Board”), acting for {school} (“the School”).",
        "{partner} (“the Partner”).",
    ],
    "purpose": [
        "The School and the Partner work together on {title}, so that students gain what neither side could give alone.",
        "The purpose is student achievement. The goals under Objectives lead to the School’s and the Board’s own goals.",
    ],
    "objectives": ["The parties will judge the partnership by these measures, which both can see at any time."],
    "promises": [
        "Each side promises what stands in its own column.",
        "What either side may expect of the other beyond these commitments is good faith, plain speech and punctuality.",
    ],
    "roles": ["These people speak for their sides."],
    "safety": [
        "Before a volunteer of the Partner first meets students, the Board’s office sees the check that the Board’s rules "
        "ask for and the volunteer completes the Board’s orientation.",
        "The Board records the kind of check and its dates, never its content, and keeps no copy. The School and the "
        "Partner learn only whether a named person is ready to meet students.",
        "A teacher is present whenever volunteers and students are together. No volunteer is alone with a student, drives "
        "a student, or exchanges private messages with a student.",
        "At the Partner’s premises its safety rules apply as well. An accident is reported to the principal the same day.",
        "The principal may at any time, without giving reasons, ask that a volunteer no longer take part.",
    ],
    "insurance": [
        "Each party keeps general liability insurance suited to its part and shows proof on request.",
        "Each party answers for its own acts and omissions and those of its staff.",
    ],
    "privacy": [
        "The Partner receives numbers, not names: no list of students, marks, attendance or contact details is shared.",
        "Photographs and recordings of students are made and used only with the consent that the School holds, and are "
        "removed when consent is withdrawn.",
        "What a volunteer learns about a student stays in the program, with one exception: whoever has reasonable grounds "
        "to suspect that a child is harmed or at risk reports it in person, at once, to the children’s aid society, and "
        "then tells the principal.",
    ],
    "names": [
        "Each party may name the other as its partner. A logo is used only in the form its owner has supplied and with "
        "approval of the piece in which it appears.",
        "Neither party suggests that the other endorses a product, a service or a cause. Materials for students carry no "
        "advertising.",
    ],
    "communications": [
        "{school_lead} and {partner_lead} speak for their sides and answer each other within 2 school days. They meet at "
        "least once each semester.",
        "News for the media is agreed by both before it is released. Bad news is told to the other party first.",
    ],
    "term": ["This memorandum takes effect on the day of the last yes and runs to {ends_on}."],
    "review": [
        "Every spring both sides rate the partnership, compare what happened with what was promised, and decide: renew, "
        "grow, adjust, pause or end well."
    ],
    "renewal": [
        "The parties begin to discuss renewal 90 days before the end. A change or a renewal is a new version, to which "
        "both say yes; nothing is renewed by silence.",
        "Either party may end the partnership with 30 days’ written notice. The Board may suspend it at once where the "
        "safety of students requires.",
        "What is bought with the Partner’s money for the program belongs to the School.",
    ],
    "nature": [
        "It records what the parties intend in good faith. It creates no employment, agency, joint venture or exclusive "
        "right, and it is subject to the law and to the policies of the Board.",
        "A disagreement goes first to {school_lead} and {partner_lead}, then to the principal and the Partner’s "
        "management, then to the superintendent.",
    ],
}

FRENCH: dict[str, list[str]] = {
    "parties": [
        "{board} («\u00a0le Conseil\u00a0»), agissant au nom de {school} («\u00a0l’École\u00a0»).",
        "{partner} («\u00a0le Partenaire\u00a0»).",
    ],
    "purpose": [
        "L’École et le Partenaire travaillent ensemble à {title}, afin que les élèves y gagnent ce qu’aucun des deux ne "
        "pourrait offrir seul.",
        "Le but est la réussite des élèves. Les objectifs ci-dessous mènent à ceux de l’École et du Conseil.",
    ],
    "objectives": [
        "Les parties évaluent le partenariat d’après les mesures suivantes, que l’une et l’autre peuvent consulter en tout "
        "temps."
    ],
    "promises": [
        "Chaque partie s’engage à ce qui figure dans sa propre colonne.",
        "Au-delà de ces engagements, chaque partie peut attendre de l’autre la bonne foi, la franchise et la ponctualité.",
    ],
    "roles": ["Ces personnes parlent au nom de leur partie."],
    "safety": [
        "Avant qu’un bénévole du Partenaire rencontre des élèves pour la première fois, le bureau du Conseil consulte la "
        "vérification qu’exigent les règles du Conseil et le bénévole suit la séance d’orientation du Conseil.",
        "Le Conseil consigne le type de vérification et ses dates, jamais son contenu, et n’en garde aucune copie. L’École "
        "et le Partenaire apprennent seulement si une personne désignée est prête à rencontrer les élèves.",
        "Un membre du personnel enseignant est présent chaque fois que des bénévoles et des élèves sont ensemble. Aucun "
        "bénévole ne se trouve seul avec un élève, ne le transporte en voiture ni n’échange avec lui de messages privés.",
        "Dans les locaux du Partenaire, ses règles de sécurité s’appliquent également. Tout accident est signalé à la "
        "direction le jour même.",
        "La direction peut en tout temps, sans en donner les motifs, demander qu’un bénévole cesse de participer.",
    ],
    "insurance": [
        "Chaque partie maintient une assurance responsabilité civile générale adaptée à son rôle et en fournit la preuve "
        "sur demande.",
        "Chaque partie répond de ses propres actes et omissions et de ceux de son personnel.",
    ],
    "privacy": [
        "Le Partenaire reçoit des chiffres et non des noms\u00a0: aucune liste d’élèves, aucune note, aucune donnée "
        "d’assiduité ni aucune coordonnée ne lui est communiquée.",
        "Les photographies et les enregistrements d’élèves ne sont réalisés et utilisés qu’avec le consentement que détient "
        "l’École et sont retirés lorsque ce consentement est révoqué.",
        "Ce qu’un bénévole apprend au sujet d’un élève ne sort pas du programme, à une exception près\u00a0: quiconque a "
        "des motifs raisonnables de soupçonner qu’un enfant subit un préjudice ou court un risque le signale lui-même, "
        "sur-le-champ, à la société d’aide à l’enfance, puis en informe la direction.",
    ],
    "names": [
        "Chaque partie peut désigner l’autre comme son partenaire. Un logo n’est utilisé que dans la forme fournie par son "
        "propriétaire et avec l’approbation du document où il figure.",
        "Aucune partie ne laisse entendre que l’autre appuie un produit, un service ou une cause. Le matériel destiné aux "
        "élèves ne comporte aucune publicité.",
    ],
    "communications": [
        "{school_lead} et {partner_lead} parlent au nom de leur partie et se répondent dans un délai de 2 jours d’école. "
        "Ils se rencontrent au moins une fois par semestre.",
        "Toute nouvelle destinée aux médias est convenue entre les parties avant sa diffusion. Une mauvaise nouvelle est "
        "d’abord annoncée à l’autre partie.",
    ],
    "term": ["Le présent protocole prend effet le jour du dernier oui et prend fin le {ends_on}."],
    "review": [
        "Chaque printemps, les deux parties évaluent le partenariat, comparent ce qui s’est passé avec ce qui avait été "
        "promis et décident\u00a0: renouveler, élargir, ajuster, suspendre ou bien conclure."
    ],
    "renewal": [
        "Les parties entament les discussions sur le renouvellement 90 jours avant la fin. Toute modification et tout "
        "renouvellement font l’objet d’une nouvelle version à laquelle les deux disent oui\u00a0; rien n’est renouvelé "
        "tacitement.",
        "Chaque partie peut mettre fin au partenariat moyennant un préavis écrit de 30 jours. Le Conseil peut le suspendre "
        "sur-le-champ lorsque la sécurité des élèves l’exige.",
        "Ce qui est acheté pour le programme avec les fonds du Partenaire appartient à l’École.",
    ],
    "nature": [
        "Il consigne ce que les parties entendent faire de bonne foi. Il ne crée ni lien d’emploi, ni mandat, ni "
        "coentreprise, ni droit exclusif et il est assujetti aux lois et aux politiques du Conseil.",
        "Tout différend est soumis d’abord à {school_lead} et à {partner_lead}, puis à la direction de l’École et à celle "
        "du Partenaire, puis à la surintendance.",
    ],
}


def heading(article: str, language: str) -> str:
    """The heading of `article`; raises KeyError for another key."""
    english, french = ARTICLES[article]
    return french if language == "fr" else english


def clauses(language: str) -> dict[str, list[str]]:
    """The clauses of each article, with their placeholders."""
    return FRENCH if language == "fr" else ENGLISH
