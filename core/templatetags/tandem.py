"""What pages are drawn with: icons, owners, states, bars. Pure display: nothing here reads the database."""

import copy
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import clock
from core import money as core_money
from core.text import labelled

register = template.Library()

Number = int | float | Decimal

# The board has no colour of its own: it wears ink, and an outline where its mark stands beside the two sides.
SIDE_CLASSES = {"school": "is-school", "partner": "is-partner", "shared": "is-shared", "board": "is-shared"}
STATUS_KINDS = {"ok", "warn", "bad", "info", "none"}


@register.simple_tag
@lru_cache(maxsize=512)  # a page draws some fifty, always the same few
def icon(name: str, label: str = "") -> SafeString:
    """One icon of the sprite as inline SVG; read out as `label`, or silent without one."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="bi" {}><use href="{}#{}"></use></svg>', spoken, static("icons.svg"), name)


@register.simple_tag
def status(kind: str, icon_name: str, text: str, bare: bool = False) -> SafeString:
    """A state: icon and word, always both. `kind` is ok, warn, bad, info or none; `bare` leaves the tint out.

    Raises KeyError for another kind.
    """
    if kind not in STATUS_KINDS:
        raise KeyError(f"status knows {sorted(STATUS_KINDS)}, not {kind!r}")
    classes = f"st-{kind} is-bare" if bare else f"st-{kind}"
    return format_html('<span class="t-status {}">{}{}</span>', classes, icon(icon_name), text)


@register.simple_tag
def avatar(letters: str, side: str = "school", size: int | None = None) -> SafeString:
    """Initials on the shape of a side: square school, round partner, ink board. The name stands in text.

    `size` is 24, 28, 32, 44 or 56 pixels; 36 without it.
    """
    classes = f"{SIDE_CLASSES[side]} s{size}" if size else SIDE_CLASSES[side]
    return format_html('<span class="t-av {}" aria-hidden="true">{}</span>', classes, letters)


@register.simple_tag
def owner(name: str, side: str, pill: bool = False) -> SafeString:
    """Who does or owes something: the shape of `side` (school, partner, shared, board) and the name."""
    classes = SIDE_CLASSES[side]
    if side == "board":
        classes += " is-board"
    if pill:
        classes += " is-pill"
    return format_html('<span class="t-own {}">{}</span>', classes, name)


@register.simple_tag
def meter(done: Number, promised: Number, label: str, side: str = "partner", of: Number = 100) -> SafeString:
    """A bar of what is done (solid) and promised (hatched), out of `of`; `label` says it in words.

    Parts that add up to more than the whole are cut at its end. The hatch needs the patterns of base.html.
    """
    solid = _percent(done, of)
    hatched = min(_percent(promised, of), 100 - solid)
    bars = SafeString("")
    if solid:
        bars += format_html('<rect width="{}%" height="8"></rect>', _dotted(solid))
    if hatched:
        gap = 1 if solid and hatched > 1 else 0
        bars += format_html(
            '<rect class="is-promised" fill="url(#promised-{})" x="{}%" width="{}%" height="8"></rect>',
            side, _dotted(solid + gap), _dotted(hatched - gap),
        )  # fmt: skip
    return format_html(
        '<div class="t-meter {}" role="img" aria-label="{}"><svg aria-hidden="true">{}</svg></div>',
        SIDE_CLASSES[side], label, bars,
    )  # fmt: skip


@register.simple_tag
def goalbar(start: Number, now: Number | None, target: Number, unit: str = "") -> SafeString:
    """How far a measure has come from `start` to `target`, both written underneath.

    `now` is None before it is measured. A target below the start is a measure that should fall.
    """
    says = {"start": said(start, unit), "now": said(now, unit), "target": said(target, unit)}
    if now is None:
        label = _("From %(start)s, not measured yet, target %(target)s") % says
        width = 0.0
    else:
        label = _("From %(start)s, now %(now)s, target %(target)s") % says
        width = _percent(now - start, target - start) if target != start else 100.0  # type: ignore[operator]
    bar = format_html('<rect width="{}%" height="14"></rect>', _dotted(width)) if width else ""
    return format_html(
        '<div class="t-goalbar" role="img" aria-label="{}"><svg aria-hidden="true">{}</svg></div>'
        '<div class="t-goal-x"><span>{}</span><span>{}</span></div>',
        label, bar, _("%(start)s at the start") % says, _("target %(target)s") % says,
    )  # fmt: skip


@register.filter
def initials(name: str) -> str:
    """The two letters of an avatar: ML for Marcus Lee, ÉS for École secondaire Sainte-Anne, CO for Corvid."""
    words = name.split()
    capital = [word for word in words if word[0].isupper() or word[0].isdigit()] or words
    if len(capital) == 1:
        return capital[0][:2].upper()
    return "".join(word[0] for word in capital[:2]).upper()


@register.filter
def said(number: Number | None, unit: str = "") -> str:
    """A number as people of this language write it, without empty decimals; "" for None."""
    if number is None:
        return ""
    if number == int(number):
        number = int(number)
    elif isinstance(number, Decimal):
        number = number.normalize()
    text = formats.number_format(number, force_grouping=True)
    return f"{text}\N{NO-BREAK SPACE}{unit}" if unit else text


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """An amount of the board's currency in the language of the page."""
    return core_money.money(amount, currency, get_language() or "en")


@register.filter(expects_localtime=True)
def dated(day: date | None, form: str = "l j F") -> str:
    """A day or moment without its year (`form` as for `date`), with it when it is not this year; "" for None."""
    if day is None:
        return ""
    written = formats.get_format(form)
    if day.year != clock.today(timezone.get_current_timezone()).year:
        written = written.replace("F", "F Y", 1)
    return formats.date_format(day, written)


register.simple_tag(labelled)


# ── Forms (templates/tandem) ──────────────────────────────────────────────────


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's input with the classes of the style sheet.

    A number is typed into a text field with a number keyboard, one with a decimal mark unless it is whole: what was
    typed wrong survives the error, and no wheel changes it by accident. `data-look="stepper"` on the widget puts a
    button on each side of it.
    """
    widget = copy.deepcopy(field.field.widget)
    stepper = widget.attrs.pop("data-look", "") == "stepper"
    attrs: dict[str, str | bool] = {
        "class": " ".join(filter(None, [widget.attrs.get("class", ""), control_class(widget)]))
    }
    if isinstance(widget, forms.NumberInput):
        widget.input_type = "text"
        attrs["inputmode"] = "numeric" if _is_whole(field.field) else "decimal"
        limits = {name: widget.attrs.pop(name) for name in ("min", "max", "step") if name in widget.attrs}
        attrs |= {f"data-{name}": str(limit) for name, limit in limits.items() if limit != "any"}
    drawn = field.as_widget(widget, attrs)
    if stepper:
        return render_to_string("tandem/layout/stepper.html", {"field": field, "control": drawn})
    return drawn


def _is_whole(field: forms.Field) -> bool:
    """Whether a field takes whole numbers alone; the framework makes its other numbers of this one."""
    return isinstance(field, forms.IntegerField) and not isinstance(field, forms.DecimalField | forms.FloatField)


def control_class(widget: forms.Widget) -> str:
    """The class of the style sheet for an input of this kind."""
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


@register.simple_tag
def choices(field: BoundField) -> list[dict[str, Any]]:
    """The options of a radio or checkbox list: label, group, icon, note, wide, attributes of the input.

    The widget's `data-icons` (value: icon name) and `data-notes` (value: sentence) are dicts; `data-wide` is
    the value of the tile that takes a row of its own. All are optional.
    """
    widget = copy.deepcopy(field.field.widget)
    icons = widget.attrs.pop("data-icons", {})
    notes = widget.attrs.pop("data-notes", {})
    wide = widget.attrs.pop("data-wide", None)
    widget.attrs.pop("data-look", None)
    attrs = field.build_widget_attrs({"id": field.auto_id}, widget)
    drawn = []
    groups = widget.optgroups(field.html_name, widget.format_value(field.value()), attrs)
    for group, options, _index in groups:
        for option in options:
            value = str(option["value"])
            inputs = option["attrs"] | {"type": option["type"], "name": option["name"], "value": value}
            drawn.append(
                {
                    "group": group,
                    "label": option["label"],
                    "icon": icons.get(value, ""),
                    "note": notes.get(value, ""),
                    "wide": value == wide,
                    "input": mark_safe(flatatt(inputs)),
                }
            )
    return drawn


@register.filter
def look(field: BoundField) -> str:
    """How a field is drawn: tick, tiles, pills, cards, list or plain (everything that is one input)."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    if isinstance(widget, forms.RadioSelect):
        return str(widget.attrs.get("data-look", "list"))
    return "plain"


@register.filter
def first_input(field: BoundField) -> str:
    """The id an error about this field leads to: its input, or the first of several."""
    if field.field.widget.use_fieldset:
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def faulty(form: forms.BaseForm) -> list[BoundField]:
    """The fields a person can mend, in the order of the form."""
    return [field for field in form.visible_fields() if field.errors]


@register.filter
def things_to_fix(form: forms.BaseForm) -> int:
    """How many things the page says must be fixed, 0 for a form that is fine or was not sent."""
    if not form.is_bound:
        return 0
    hidden = [field for field in form.hidden_fields() if field.errors]
    return len(faulty(form)) + len(form.non_field_errors()) + len(hidden)


def _percent(part: Number, whole: Number) -> float:
    """`part` of `whole` in percent, kept between 0 and 100; 0 of nothing is 0."""
    if not whole:
        return 0.0
    return min(max(float(part) / float(whole) * 100, 0.0), 100.0)


def _dotted(percent: float) -> str:
    """A length as SVG reads it in every language: a point, no more decimals than the eye sees."""
    return f"{percent:.1f}".rstrip("0").rstrip(".")
