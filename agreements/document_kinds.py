"""The memorandum on paper."""

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from agreements import terms
from agreements.models import AgreementVersion
from core.templatetags.tandem import said
from engines.documents.kinds import Content, document
from partnerships.models import Side
from schools.logos import logo_of


@document(
    "memorandum",
    for_model=AgreementVersion,
    template="documents/memorandum.html",
    label=_("Memorandum of understanding"),
    stays=lambda version: version.answers.exists(),
)
def memorandum(version: AgreementVersion) -> Content:
    """The version in its own language: key terms, fifteen articles, the yes of both sides. Its wording is a draft."""
    partnership, what = version.partnership, terms.of(version)
    years = ", ".join(str(year.number) for year in version.years.all())
    logo = logo_of(partnership.school)
    return Content(
        {
            "version": version,
            "dated": date_format((version.in_force_at or version.drafted_at).astimezone(version.board.zone)),
            "school": partnership.school.name,
            "board": partnership.board.name if partnership.board.name != partnership.school.name else "",
            "partner": partnership.business.name,
            "title": partnership.initiative.title,
            "vision": partnership.shared_vision,
            "kind": partnership.get_kind_display(),
            "counts_as": partnership.get_counts_as_display(),
            "years": years,
            "articles": what.articles,
            "paired": what.paired,
            "objectives": [
                (o.goal, o.measure, said(o.baseline, o.unit), said(o.target, o.unit)) for o in what.objectives
            ],
            "roles": what.roles,
            "champion": what.role("champion"),
            "partner_lead": what.role("partner_lead"),
            "sides": [(side, partnership.name_of(side), what.answers.get(side)) for side in Side],
            "proof_code": what.proof_code,
            "logo_of": logo.of,
        },
        logo.files,
    )
