"""The directory of a board: businesses and the people in them."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from boards.models import Board
from boards.sectors import Sector
from core.chain import Chain
from core.models import Versioned
from core.search_text import SearchText, search_key
from core.web_address import WebAddress

if TYPE_CHECKING:
    from accounts.models import User


class BusinessQuerySet(models.QuerySet["Business"]):
    def visible_to(self, user: "User") -> Self:
        """The directory of the boards `user` works in; a partner sees its own business."""
        directory = user.access.reach(Permission.DIRECTORY_VIEW)
        own = user.access.reach(Permission.DIRECTORY_CHANGE_OWN)
        return self.filter(Q(board__in=directory.boards) | Q(pk__in=own.businesses))

    def matching(self, text: str) -> Self:
        """Businesses whose name or town holds every word of `text`, accents and case aside."""
        found = self
        for word in search_key(text).split():
            found = found.filter(search__contains=word)
        return found


class Business(Versioned):
    """A legal entity in one board's directory. The same firm in two boards is two rows."""

    class Kind(models.TextChoices):
        LOCAL = "local", _("Local business")
        LARGER = "larger", _("Larger company")
        SERVICE_CLUB = "service_club", _("Service club")
        NON_PROFIT = "non_profit", _("Non-profit")
        PUBLIC = "public", _("Public institution")
        POST_SECONDARY = "post_secondary", _("Post-secondary")

    board = models.ForeignKey(Board, models.PROTECT, related_name="businesses")
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices, default=Kind.LOCAL)
    sector = models.CharField(_("what they do"), max_length=14, choices=Sector.choices, blank=True)
    staff = models.PositiveIntegerField(
        _("people working there"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
    )
    town = models.CharField(_("town"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    website = WebAddress(_("website"), max_length=300, blank=True)
    mission = models.TextField(_("mission"), max_length=600, blank=True)
    values = models.TextField(_("values"), max_length=400, blank=True)
    giving_back = models.TextField(_("giving back"), max_length=600, blank=True)
    expertise = models.CharField(_("good at"), max_length=200, blank=True)
    search = SearchText(of=("name", "town"), max_length=300)

    objects = BusinessQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "businesses"
        indexes = [models.Index(fields=["board", "name", "id"], name="business_of_board_by_name")]

    def __str__(self) -> str:
        return self.name

    def chain(self) -> Chain:
        return Chain(board=self.board_id, business=self.pk)

    def is_own(self, user: "User") -> bool:
        """A partner's own business: its membership already says so."""
        return True


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: "User") -> Self:
        """The people of the businesses `user` may see."""
        return self.filter(business__in=Business.objects.visible_to(user))


class Contact(Versioned):
    """A person at a business: whom to ask, and whether they decide or put you through."""

    class Part(models.TextChoices):
        MANAGER = "manager", _("Manager")
        EXECUTIVE = "executive", _("Executive")
        ASSISTANT = "assistant", _("Assistant")
        MARKETING = "marketing", _("Marketing")
        PUBLIC_RELATIONS = "public_relations", _("Public relations")
        HUMAN_RESOURCES = "human_resources", _("Human resources")
        COMMUNITY_RELATIONS = "community_relations", _("Community relations")
        OWNER = "owner", _("Owner")

    business = models.ForeignKey(Business, models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("title"), max_length=120, blank=True, help_text=_("For example: branch manager"))
    part = models.CharField(_("part played"), max_length=20, choices=Part.choices, default=Part.MANAGER)
    decides = models.BooleanField(_("decides whether they take part"), default=False)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="contacts"
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["business", "email"],
                condition=~Q(email=""),
                name="one_contact_per_address",
                violation_error_message=_("Somebody there has this e-mail address already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def chain(self) -> Chain:
        return self.business.chain()

    def is_own(self, user: "User") -> bool:
        """A person of a partner's own business: the membership already says so."""
        return True
