"""What a version says, article by article: read from the partnership until the first yes, from its own rows after."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from agreements.models import AgreedRole, AgreementVersion, Clause, RecordedYes
from agreements.wording import ARTICLES, heading
from partnerships.models import Commitment, Side
from schools.models import Measure
from schools.models.quantified import Quantified
from schools.outline import principal_of

Part = AgreedRole.Part


@dataclass(frozen=True)
class Promise:
    """What one side promises, of which kind."""

    side: str
    kind: str
    text: str


@dataclass(frozen=True)
class Objective:
    """A goal, how it is measured, from where to where."""

    goal: str
    measure: str
    unit: str
    baseline: Decimal
    target: Decimal


@dataclass(frozen=True)
class Role:
    """Who stands for what."""

    part: str
    name: str
    title: str

    @property
    def label(self) -> str:
        return str(Part(self.part).label)


@dataclass(frozen=True)
class PairedRow:
    """Promises of one kind, side by side; either may be empty."""

    kind: str
    school: str
    partner: str


@dataclass(frozen=True)
class Article:
    """An article with its clauses."""

    key: str
    heading: str
    clauses: list[Clause]


@dataclass(frozen=True)
class Terms:
    """Everything a version says."""

    articles: list[Article]
    promises: list[Promise]
    objectives: list[Objective]
    roles: list[Role]
    answers: dict[str, RecordedYes]

    @property
    def paired(self) -> list[PairedRow]:
        """The promises in two columns, paired by kind in the order of the kinds."""
        rows = []
        for kind in Quantified.Kind:
            ours, theirs = (
                [promise.text for promise in self.promises if promise.kind == kind and promise.side == side]
                for side in (Side.SCHOOL, Side.PARTNER)
            )
            rows += [PairedRow(str(kind.label), s, p) for s, p in zip_longest(ours, theirs, fillvalue="")]
        return rows

    def role(self, part: str) -> Role | None:
        return next((role for role in self.roles if role.part == part), None)

    @property
    def proof_code(self) -> str:
        """The first 16 digits of the SHA-256 of the text, in groups of four: the same words have the same code."""
        said = {
            "clauses": [[article.key, clause.text] for article in self.articles for clause in article.clauses],
            "promises": sorted([p.side, p.kind, p.text] for p in self.promises),
            "objectives": [[o.goal, o.measure, o.unit, f"{o.baseline:f}", f"{o.target:f}"] for o in self.objectives],
            "roles": [[role.part, role.name, role.title] for role in self.roles],
        }
        digits = hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
        return " ".join(digits[n : n + 4] for n in range(0, 16, 4))


def of(version: AgreementVersion) -> Terms:
    """What `version` says now, in its own language."""
    clauses = list(version.clauses.all())
    articles = [
        Article(key, heading(key, version.language), [clause for clause in clauses if clause.article == key])
        for key in ARTICLES
    ]
    answers = {answer.side: answer for answer in version.answers.select_related("recorded_by")}
    if version.is_draft and not answers:
        return Terms(articles, promises_of(version), objectives_of(version), roles_of(version), answers)
    return Terms(
        articles,
        [Promise(kept.side, kept.kind, kept.text) for kept in version.promises.all()],
        [Objective(o.goal, o.measure, o.unit, o.baseline, o.target) for o in version.objectives.all()],
        [Role(role.part, role.name, role.title) for role in version.roles.all()],
        answers,
    )


def promises_of(version: AgreementVersion) -> list[Promise]:
    """What the partnership promises for the years of `version`, as it stands now."""
    rows = Commitment.objects.filter(year__in=version.years.all(), withdrawn_at=None)
    found = rows.select_related("year__partnership__school__board")
    return [Promise(row.side, row.kind, _with_details(row)) for row in found]


def _with_details(row: Commitment) -> str:
    return f"{row.sentence}. {row.details}" if row.details else f"{row.sentence}."


def objectives_of(version: AgreementVersion) -> list[Objective]:
    """The measures of the initiative, as they stand now."""
    measures = Measure.objects.filter(goal__initiative=version.partnership.prospect.initiative_id)
    rows: Iterable[Measure] = measures.select_related("goal").order_by("goal_id", "pk")
    return [Objective(m.goal.title, m.label, m.unit, m.baseline, m.target) for m in rows]


def roles_of(version: AgreementVersion) -> list[Role]:
    """Who stands for what, as it stands now."""
    partnership = version.partnership
    people = [
        (Part.PRINCIPAL, principal_of(partnership.school)),
        (Part.CHAMPION, partnership.champion),
        (Part.BACKUP, partnership.backup),
        (Part.PARTNER_LEAD, partnership.partner_lead),
    ]
    return [Role(part, person.name, person.title) for part, person in people if person is not None]
