"""Who works for an initiative, with how much time: what the guide calls key people, with time and support."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.chain import Chain
from core.models import Versioned
from schools.models.initiative import Initiative, OfInitiativeQuerySet


class KeyPerson(Versioned):
    """Somebody of the school who takes part: an account, or a colleague without one by name."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="key_people")
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("somebody of your school")
    )
    name = models.CharField(_("or a colleague without an account"), max_length=120, blank=True)
    part = models.CharField(_("part played"), max_length=80, blank=True)
    hours = models.DecimalField(
        _("hours a month"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.25")), MaxValueValidator(Decimal(200))],
    )
    has_release = models.BooleanField(_("has release time for it"), default=False)
    release = models.CharField(_("how much release time"), max_length=80, blank=True)
    note = models.CharField(_("anything to know about it"), max_length=200, blank=True)

    objects = OfInitiativeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "key people"
        constraints = [
            models.CheckConstraint(
                condition=(Q(user=None) & ~Q(name="")) | Q(user__isnull=False, name=""),
                name="key_person_is_an_account_or_a_name",
                violation_error_message=_("Choose somebody, or write a name: one of the two."),
            ),
            models.UniqueConstraint(
                fields=["initiative", "user"],
                name="one_key_person_per_account",
                violation_error_message=_("This person is among the key people already."),
            ),
        ]

    def __str__(self) -> str:
        return self.user.name if self.user else self.name

    def chain(self) -> Chain:
        return self.initiative.chain()
