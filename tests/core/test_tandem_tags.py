"""The display tags: shape and word together, lengths as SVG attributes, label before hint before error."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from core import clock
from core.templatetags import tandem


def drawn(source: str, **context: object) -> str:
    return Template("{% load crispy_forms_tags tandem %}" + source).render(Context(context))


class Sample(forms.Form):
    kind = forms.ChoiceField(
        label="Kind",
        choices=[("bus", "A bus"), ("people", "Mentors")],
        widget=forms.RadioSelect(
            attrs={"data-look": "tiles", "data-icons": {"bus": "bus-front"}, "data-wide": "people"}
        ),
    )
    what = forms.CharField(label="What exactly", help_text="Two or three words")
    how_many = forms.IntegerField(
        label="How many", min_value=1, widget=forms.NumberInput(attrs={"data-look": "stepper"})
    )
    themes = forms.MultipleChoiceField(
        label="Themes", required=False, choices=[("stem", "STEM")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="Agreed", required=False)


def test_an_icon_is_silent_unless_it_is_all_there_is_to_read() -> None:
    assert 'aria-hidden="true"' in tandem.icon("sun")
    assert "icons.svg#sun" in tandem.icon("sun")
    named = tandem.icon("printer", "Print <this>")
    assert 'role="img" aria-label="Print &lt;this&gt;"' in named
    assert "aria-hidden" not in named


def test_a_status_is_icon_and_word() -> None:
    assert drawn('{% status "bad" "exclamation-circle-fill" text %}', text="7 days <late>") == (
        f'<span class="t-status st-bad">{tandem.icon("exclamation-circle-fill")}7 days &lt;late&gt;</span>'
    )
    assert "st-ok is-bare" in tandem.status("ok", "check2", "Done", bare=True)
    with pytest.raises(KeyError):
        tandem.status("urgent", "sun", "Now")


def test_the_board_wears_ink_and_an_outline() -> None:
    assert 'class="t-own is-shared is-board"' in tandem.owner("Amara Okafor", "board")
    assert 'class="t-own is-partner is-pill"' in tandem.owner("Northgate", "partner", pill=True)
    assert tandem.avatar("AO", "board", 24) == '<span class="t-av is-shared s24" aria-hidden="true">AO</span>'
    assert tandem.avatar("ML") == '<span class="t-av is-school" aria-hidden="true">ML</span>'


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Marcus Lee", "ML"),
        ("Riverbend Secondary School", "RS"),
        ("École secondaire Sainte-Anne", "ÉS"),
        ("Conseil scolaire du Grand-Érable", "CG"),
        ("Corvid", "CO"),
        ("bell hooks", "BH"),
        ("Ng", "NG"),
        ("  ", ""),
        ("", ""),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert tandem.initials(name) == letters


def test_a_meter_draws_done_then_promised() -> None:
    bar = tandem.meter(2, 1, "2 trips done, 1 promised", "partner", of=3)
    assert 'aria-label="2 trips done, 1 promised"' in bar
    assert '<rect width="66.7%" height="8">' in bar
    assert 'fill="url(#promised-partner)" x="67.7%" width="32.3%"' in bar
    assert "style" not in bar


def test_a_meter_never_leaves_its_frame() -> None:
    assert "is-promised" not in tandem.meter(5, 3, "5 of 4", of=4)
    assert 'width="100%"' in tandem.meter(5, 3, "5 of 4", of=4)
    assert "<rect" not in tandem.meter(0, 0, "None met", of=0)


def test_lengths_have_a_point_in_french_too() -> None:
    with translation.override("fr"):
        assert 'width="33.3%"' in tandem.meter(1, 0, "1 sur 3", of=3)


@pytest.mark.parametrize(
    ("start", "now", "target", "width"),
    [(212, 231, 245, "57.6%"), (0, 40, 30, "100%"), (20, 15, 10, "50%"), (5, 5, 5, "100%")],
)
def test_a_goal_bar_runs_from_start_to_target(start: int, now: int, target: int, width: str) -> None:
    assert f'<rect width="{width}" height="14">' in tandem.goalbar(start, now, target)


def test_a_goal_that_went_backwards_or_waits_shows_no_bar() -> None:
    assert "<rect" not in tandem.goalbar(212, 200, 245)
    waiting = tandem.goalbar(0, None, 3)
    assert "<rect" not in waiting
    assert "not measured yet" in waiting


def test_numbers_are_written_as_people_write_them() -> None:
    assert tandem.said(Decimal("212.00")) == "212"
    assert tandem.said(Decimal("4.20")) == "4.2"
    assert tandem.said(None) == ""
    assert tandem.said(1120) == "1,120"
    assert tandem.said(12, "km") == "12\N{NO-BREAK SPACE}km"
    with translation.override("fr"):
        assert tandem.said(Decimal("4.20")) == "4,2"


def test_a_field_is_label_hint_error_control_in_that_order() -> None:
    form = Sample({"what": "", "how_many": "abc"})
    page = drawn("{{ form|crispy }}", form=form)
    field = page[page.index('<label for="id_what"') :]
    order = [field.index(part) for part in ("What exactly", "Two or three words", "id_what_error", "<input")]
    assert order == sorted(order)
    assert 'aria-describedby="id_what_helptext id_what_error"' in field
    assert 'aria-invalid="true"' in field


def test_the_summary_leads_to_the_first_input_of_every_faulty_field() -> None:
    form = Sample({"how_many": "abc"})
    page = drawn("{{ form|crispy }}", form=form)
    assert 'role="alert"' in page
    for target in ("id_kind_0", "id_what", "id_how_many"):
        assert f'href="#{target}"' in page
        assert f'id="{target}"' in page
    assert tandem.things_to_fix(form) == 3
    assert tandem.things_to_fix(Sample()) == 0


def test_what_was_typed_wrong_into_a_number_is_still_there() -> None:
    page = drawn("{{ form|crispy }}", form=Sample({"how_many": "abc"}))
    assert 'value="abc"' in page
    assert 'type="number"' not in page
    assert 'inputmode="numeric"' in page
    assert 'data-min="1"' in page


def test_a_keyboard_has_the_decimal_mark_where_a_number_may_have_one() -> None:
    class Parts(forms.Form):
        whole = forms.IntegerField()
        part = forms.DecimalField()
        share = forms.FloatField()

    page = drawn("{{ form|crispy }}", form=Parts())
    assert re.findall(r'inputmode="(\w+)"', page) == ["numeric", "decimal", "decimal"]


def test_the_buttons_of_a_stepper_wait_for_the_script() -> None:
    page = drawn("{{ form|crispy }}", form=Sample())
    assert page.count("data-step=") == 2
    assert 'data-step="-1" hidden' in page
    assert 'aria-label="How many: one fewer"' in page


def test_tiles_carry_their_icons_and_no_stray_attributes() -> None:
    page = drawn("{{ form|crispy }}", form=Sample(initial={"kind": "bus"}))
    tile = page[page.index('<label class="t-tile">') : page.index("</fieldset>")]
    assert "icons.svg#bus-front" in tile
    assert "checked" in tile
    assert 'class="t-tile is-wide"' in tile
    for stray in ("data-icons", "data-look", "data-wide", "data-notes"):
        assert stray not in page


def test_only_a_field_one_may_leave_out_says_optional_and_a_tick_never_does() -> None:
    page = drawn("{{ form|crispy }}", form=Sample())
    assert page.count("t-label-opt") == 1  # Themes
    assert page.index("Themes") < page.index("t-label-opt") < page.index("STEM")


def test_a_form_with_a_layout_draws_the_same_fields() -> None:
    from crispy_forms.helper import FormHelper
    from crispy_forms.layout import Fieldset, Layout, Row

    form = Sample({"how_many": "0"})
    form.helper = FormHelper()  # type: ignore[attr-defined]
    form.helper.form_tag = False  # type: ignore[attr-defined]
    form.helper.layout = Layout(Fieldset("How much?", Row("what", "how_many")))  # type: ignore[attr-defined]
    page = drawn("{% crispy form %}", form=form)
    assert "<legend><h2>How much?</h2></legend>" in page
    assert 'class="t-form-row"' in page
    assert page.count('class="t-errors"') == 1
    assert "<form" not in page


@pytest.mark.parametrize(
    ("day", "form", "language", "written"),
    [
        (date(2026, 12, 31), "l j F", "en", "Thursday 31 December"),
        (date(2027, 1, 1), "l j F", "en", "Friday 1 January 2027"),
        (date(2025, 12, 31), "MONTH_DAY_FORMAT", "fr", "31 décembre 2025"),
        (datetime(2025, 3, 4, 15, 30, tzinfo=UTC), "MOMENT_FORMAT", "en", "Tuesday 4 March 2025, 15:30"),
        (datetime(2026, 3, 4, 15, 30, tzinfo=UTC), "MOMENT_FORMAT", "en", "Wednesday 4 March, 15:30"),
        (None, "l j F", "en", ""),
    ],
)
def test_a_day_says_its_year_when_it_is_another(day: date | None, form: str, language: str, written: str) -> None:
    with clock.standing_at(datetime(2026, 3, 11, 12, tzinfo=UTC)), translation.override(language):
        assert tandem.dated(day, form) == written
