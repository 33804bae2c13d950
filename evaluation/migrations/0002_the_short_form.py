"""The nine questions of the short form (agreement-and-evaluation.md): 1a 2b 3a 4a 7a 8a 9a 10b 12b."""

from django.db import migrations

QUESTIONS = [
    ("1a", 1, "We could both state the same main goal.", "Nous pourrions tous deux énoncer le même objectif principal."),
    (
        "2b",
        2,
        "Activities suited the students’ age and course.",
        "Les activités convenaient à l’âge et au cours des élèves.",
    ),
    (
        "3a",
        3,
        "The other side did what it said, when it said.",
        "L’autre partie a fait ce qu’elle avait dit, au moment dit.",
    ),
    (
        "4a",
        4,
        "Messages were answered within the time we promised.",
        "Les messages ont reçu une réponse dans le délai promis.",
    ),
    (
        "7a",
        7,
        "What was promised arrived in full and on time.",
        "Ce qui avait été promis est arrivé en entier et à temps.",
    ),
    ("8a", 8, "What we gained was worth what we gave.", "Ce que nous avons reçu valait ce que nous avons donné."),
    (
        "9a",
        9,
        "Students gained something they would not have had.",
        "Les élèves y ont gagné quelque chose qu’ils n’auraient pas eu.",
    ),
    (
        "10b",
        10,
        "Screening, supervision and privacy rules were followed without surprises.",
        "Les règles de vérification, de supervision et de confidentialité ont été suivies sans surprise.",
    ),
    ("12b", 12, "We would choose to do this again.", "Nous choisirions de le refaire."),
]


def make(apps, schema_editor):
    QuestionSet, Question = (apps.get_model("evaluation", name) for name in ("QuestionSet", "Question"))
    short, _is_new = QuestionSet.objects.get_or_create(name="short form")
    for order, (key, dimension, english, french) in enumerate(QUESTIONS, start=1):
        Question.objects.get_or_create(
            question_set=short,
            key=key,
            defaults={"dimension": dimension, "order": order, "text_en": english, "text_fr": french},
        )


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_initial")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
