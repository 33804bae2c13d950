"""Other headings under which the ministry's columns, and those of a board's own lists, are met: French, and shorter.

They are compared without accents, capitals and signs. The ministry's French file was not at hand: what is missing here
is matched by hand on the page, once.
"""

ALSO: dict[str, tuple[str, ...]] = {
    "Board Number": ("Numéro du conseil", "Numéro du conseil scolaire", "No du conseil"),
    "Board Name": ("Nom du conseil", "Nom du conseil scolaire", "Conseil", "Conseil scolaire", "Board"),
    "School Number": (
        *("Numéro de l'école", "Numéro d'école", "No de l'école", "Ministry number", "School no", "School ID"),
        *("MIDENT", "School Mident", "Numéro du ministère", "Numéro"),
    ),
    "School Name": ("Nom de l'école", "Nom d'école", "École", "School", "Name of school", "Name", "Nom"),
    "School Language": ("Langue de l'école", "Langue d'enseignement", "Langue", "Language"),
    "School Level": ("Niveau de l'école", "Palier de l'école", "Palier", "Niveau", "Level"),
    "Grade Range": ("Années d'études", "Éventail des années d'études", "Années", "Grades"),
    "Street": ("Rue", "Adresse", "Address", "Street address"),
    "City": ("Ville", "Town", "Localité"),
    "Province": (),
    "Postal Code": ("Code postal",),
    "Phone Number": ("Numéro de téléphone", "Téléphone", "Telephone", "Phone"),
    "School Website": ("Site Web de l'école", "Site Web", "Website"),
    "Enrolment": ("Effectif", "Effectifs", "Inscriptions", "Nombre d'élèves", "Enrollment", "Students"),
    "Latitude": (),
    "Longitude": (),
    "Percentage of Students Whose First Language Is Not English": (
        "Pourcentage d'élèves dont la langue maternelle n'est pas l'anglais",
        "Pourcentage d'élèves dont la première langue n'est pas l'anglais",
    ),
    "Percentage of Students Whose First Language Is Not French": (
        "Pourcentage d'élèves dont la langue maternelle n'est pas le français",
        "Pourcentage d'élèves dont la première langue n'est pas le français",
    ),
    "Percentage of Students Who Are New to Canada from a Non-English Speaking Country": (
        "Pourcentage d'élèves nouvellement arrivés au Canada d'un pays non anglophone",
    ),
    "Percentage of Students Who Are New to Canada from a Non-French Speaking Country": (
        "Pourcentage d'élèves nouvellement arrivés au Canada d'un pays non francophone",
    ),
    "Percentage of Students Receiving Special Education Services": (
        "Pourcentage d'élèves recevant des services d'éducation à l'enfance en difficulté",
    ),
    "Percentage of Students Identified as Gifted": ("Pourcentage d'élèves identifiés comme étant surdoués",),
    "Percentage of School-Aged Children Who Live in Low-Income Households": (
        "Pourcentage d'enfants d'âge scolaire vivant dans un ménage à faible revenu",
    ),
    "Percentage of Students Whose Parents Have No Degree, Diploma or Certificate": (
        "Pourcentage d'élèves dont les parents n'ont pas de grade, de diplôme ou de certificat",
    ),
    "Percentage of Students That Passed the Grade 10 OSSLT on Their First Attempt": (
        "Pourcentage d'élèves ayant réussi le TPCL de la 10e année à leur première tentative",
    ),
    "Change in Grade 10 OSSLT Literacy Achievement Over Three Years": (
        "Évolution du rendement au TPCL de la 10e année sur trois ans",
    ),
}
_SUBJECTS = {"Reading": "lecture", "Writing": "écriture", "Mathematics": "mathématiques"}
for _grade, _subjects in ((3, _SUBJECTS), (6, _SUBJECTS), (9, {"Mathematics": "mathématiques"})):
    for _english, _french in _subjects.items():
        ALSO[f"Percentage of Grade {_grade} Students Achieving the Provincial Standard in {_english}"] = (
            f"Pourcentage d'élèves de {_grade}e année atteignant la norme provinciale en {_french}",
        )
        ALSO[f"Change in Grade {_grade} {_english} Achievement Over Three Years"] = (
            f"Évolution du rendement en {_french} de {_grade}e année sur trois ans",
        )
