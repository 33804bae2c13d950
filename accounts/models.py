"""People, what they hold, the links they may come by, and the trail of what they did."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Lower, Trim
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from accounts.access import Access, within
from accounts.permissions import Permission, Role
from core import clock
from core.chain import Chain
from core.text import labelled


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None, **fields: object) -> "User":
        """A person with one account; without a password a link or a one-time code signs them in."""
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def with_access(self, pk: int) -> "User | None":
        """The person `pk` with what they hold, in one query; in two for somebody who holds nothing, and one more for an
        operator."""
        held = list(Membership.objects.held().filter(user=pk).select_related("user"))
        if not held:
            user = self.filter(pk=pk).first()
            if user is not None:
                user.access = access_of(user, [])
            return user
        user = held[0].user
        user.access = access_of(user, held)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Whoever can owe, sign, answer or be reminded: one account, one e-mail address."""

    class MailWish(models.TextChoices):
        """When somebody wants to be mailed what waits for them; never oftener than their role is (domain.md)."""

        WHEN_DUE = "when_due", _("On the morning something is due")
        MONDAYS = "mondays", _("On Mondays")
        NEVER = "never", _("Never: I look at Today")

    email = models.EmailField(_("e-mail"), max_length=254)
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("title"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="en")
    mail_wish = models.CharField(
        _("mail about what waits for you"), max_length=8, choices=MailWish.choices, default=MailWish.WHEN_DUE
    )
    knows_the_way = models.BooleanField(_("I know the way: no first quarter hour on Today"), default=False)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_user_per_address",
                violation_error_message=_("Somebody with this e-mail address is already here."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def access(self) -> Access:
        """What this person holds, read once for each request."""
        return access_of(self, list(Membership.objects.held().filter(user=self)))


def access_of(user: User, held: "Sequence[Membership]") -> Access:
    """What `user` reaches: by the memberships they hold, and an operator by the support grants that run."""
    if not user.is_active:
        return Access([])
    if not user.is_operator:
        return Access(list(held))
    return Access(list(held), looking=list(SupportGrant.objects.running().filter(operator=user)), is_operator=True)


def people_of(user: User, permission: Permission) -> Q:
    """The condition "a role in the scope in which `user` holds `permission`", for a RoleInScope."""
    reach = user.access.reach(permission)
    in_scope = within(user, permission, "") | Q(business__in=reach.businesses)
    return in_scope | Q(school__family__in=reach.families)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        """Not ended."""
        return self.filter(ended_at=None)

    def held(self) -> Self:
        """Not ended, with the scope they hold in."""
        return self.current().select_related("board", "family", "school", "business")

    def visible_to(self, user: User) -> Self:
        """One's own, and those of the scopes whose people `user` may see."""
        return self.filter(Q(user=user) | people_of(user, Permission.PEOPLE_VIEW))


SCOPES = ("family", "school", "business")
WHOLE_BOARD = Q(family=None, school=None, business=None)
ROLE_FITS_ITS_SCOPE = (
    Q(role__in=["principal", "champion", "staff"], school__isnull=False, family=None, business=None)
    | Q(role="superintendent", family__isnull=False, school=None, business=None)
    | (Q(role="board_admin") & WHOLE_BOARD)
    | Q(role="partner", business__isnull=False, school=None, family=None)
    | Q(role="office", family=None, business=None)
    | Q(role="assistant", school__isnull=False, family=None, business=None)
    | Q(role="assistant", family__isnull=False, school=None, business=None)
)


def once_in_scope(*fields: str, while_: Q, name: str) -> list[models.BaseConstraint]:
    """Constraints that let `fields` stand once in each scope among the rows `while_` holds for; a NULL equals nothing,
    so each kind of scope has its own."""
    scopes: list[models.BaseConstraint] = [
        models.UniqueConstraint(
            fields=[*fields, scope],
            condition=while_ & Q(**{f"{scope}__isnull": False}),
            name=f"one_{name}_per_{scope}",
        )
        for scope in SCOPES
    ]
    whole = models.UniqueConstraint(
        fields=[*fields, "board"], condition=while_ & WHOLE_BOARD, name=f"one_{name}_per_board"
    )
    return [*scopes, whole]


class RoleInScope(models.Model):
    """A role in exactly one board, family, school or business."""

    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    board = models.ForeignKey("boards.Board", models.PROTECT, related_name="%(class)ss")
    family = models.ForeignKey("schools.Family", models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    school = models.ForeignKey("schools.School", models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    business = models.ForeignKey(
        "businesses.Business", models.PROTECT, null=True, blank=True, related_name="%(class)ss"
    )

    class Meta:
        abstract = True

    def chain(self) -> Chain:
        return Chain(self.board_id, self.family_id, self.school_id, self.business_id)

    @property
    def scope(self) -> dict[str, int | None]:
        """The ids that say where it holds."""
        return {f"{name}_id": getattr(self, f"{name}_id") for name in ("board", *SCOPES)}

    @property
    def place(self) -> models.Model:
        """The school, family, business or board it holds in."""
        return self.school or self.family or self.business or self.board


class Membership(RoleInScope):
    """A role somebody holds in one board, family, school or business, since a day and perhaps until one."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    is_lead = models.BooleanField(default=True)
    since = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(condition=ROLE_FITS_ITS_SCOPE, name="membership_role_fits_its_scope"),
            *once_in_scope("user", "role", while_=Q(ended_at=None), name="membership"),
            *once_in_scope("role", while_=Q(ended_at=None, is_lead=True), name="lead"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> Self:
        """Those that cover `day`."""
        return self.filter(starts_on__lte=day, ends_on__gte=day, called_off_at=None)

    def visible_to(self, user: User) -> Self:
        """One's own, those one stands in for, and those of the scopes whose people `user` may see."""
        concerned = Q(membership__user=user) | Q(stand_in=user)
        return self.filter(concerned | Q(membership__in=Membership.objects.visible_to(user)))


class Absence(models.Model):
    """Days on which somebody is away and somebody else is asked instead: what is owed then is shown and mailed to the
    stand-in. It gives no right the stand-in does not hold."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="absences")
    stand_in = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("stand-in"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    called_off_at = models.DateTimeField(null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_it_starts")
        ]
        indexes = [
            models.Index(fields=["stand_in", "ends_on"], condition=Q(called_off_at=None), name="absence_of_stand_in")
        ]

    def __str__(self) -> str:
        return labelled(self.membership.user, self.stand_in)

    def chain(self) -> Chain:
        return self.membership.chain()


LONGEST_SUPPORT = timedelta(hours=72)


class SupportGrantQuerySet(models.QuerySet["SupportGrant"]):
    def running(self) -> Self:
        """Those that show something at this moment, with their board."""
        now = clock.now()
        return self.open().filter(starts_at__lte=now, ends_at__gt=now).select_related("board")

    def open(self) -> Self:
        """Neither ended by somebody nor noted as run out; its time may be over all the same."""
        return self.filter(ended_at=None, ran_out_at=None)

    def run_out(self) -> Self:
        """Those whose time is over, of which the trail does not say so yet."""
        return self.open().filter(ends_at__lte=clock.now())

    def visible_to(self, user: User) -> Self:
        """One's own, and those of the boards whose support `user` looks after."""
        return self.filter(Q(operator=user) | Q(board__in=user.access.reach(Permission.SUPPORT_MANAGE).boards))


class SupportGrant(models.Model):
    """For some hours an operator reads what SUPPORT names of a board, for a reason, and changes nothing.

    The board's administrator gives it; in an emergency the operator takes it, and every administrator is mailed.
    """

    operator = models.ForeignKey(User, models.PROTECT, related_name="support_grants")
    board = models.ForeignKey("boards.Board", models.PROTECT, related_name="support_grants")
    reason = models.CharField(_("why"), max_length=300)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ran_out_at = models.DateTimeField(null=True)  # when the minute task wrote into the trail that its time was over

    objects = SupportGrantQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="support_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + LONGEST_SUPPORT), name="support_lasts_72_hours_at_most"
            ),
            models.CheckConstraint(condition=GreaterThan(Length(Trim("reason")), 0), name="support_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="support_is_ended_by_somebody",
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ran_out_at=None), name="support_ends_once"),
            models.UniqueConstraint(
                fields=["operator", "board"],
                condition=Q(ended_at=None, ran_out_at=None),
                name="one_open_support_per_operator_and_board",
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(ended_at=None, ran_out_at=None), name="support_to_run_out"),
            models.Index(fields=["board", "-starts_at"], name="support_of_board"),
        ]

    def __str__(self) -> str:
        return labelled(_("Support"), self.operator)

    def chain(self) -> Chain:
        return Chain(board=self.board_id)

    def is_own(self, user: User) -> bool:
        return self.operator_id == user.pk

    @property
    def is_emergency(self) -> bool:
        """Whether the operator took it and nobody of the board gave it."""
        return self.given_by_id == self.operator_id

    @property
    def is_running(self) -> bool:
        return self.ended_at is None and self.ran_out_at is None and self.starts_at <= clock.now() < self.ends_at

    @property
    def over_at(self) -> datetime:
        """When it ended, or ends if nobody ends it before."""
        return self.ended_at or self.ends_at


class AccessLinkQuerySet(models.QuerySet["AccessLink"]):
    def usable(self) -> Self:
        """Neither used up, nor revoked, nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=clock.now(), uses__lt=F("uses_allowed"))

    def visible_to(self, user: User) -> Self:
        """The links that let `user` in; nobody sees another's."""
        return self.filter(user=user)


class AccessLink(models.Model):
    """A way in without a password, for one purpose. Only the hash of its token is kept."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", _("Sign in on this machine")
        INVITE = "invite", _("Accept an invitation")
        READ = "read", _("Read a document")
        JOIN = "join", _("Let a school join a board")

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="access_links")
    board = models.ForeignKey("boards.Board", models.CASCADE, null=True, related_name="+")
    school = models.ForeignKey("schools.School", models.CASCADE, null=True, related_name="+")
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    subject_id = models.PositiveBigIntegerField(null=True)
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    uses_allowed = models.PositiveSmallIntegerField(default=1)
    uses = models.PositiveSmallIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)

    objects = AccessLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "pk"]

    def __str__(self) -> str:
        return labelled(self.get_purpose_display(), self.user) if self.user else self.get_purpose_display()

    def chain(self) -> Chain:
        return Chain(board=self.board_id, school=self.school_id)


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: User) -> Self:
        """The trail of the scopes `user` may audit; of a board, also that of the boards that joined it. A school that
        joined is the school it was, so its own people go on reading theirs."""
        found = within(user, Permission.AUDIT_VIEW, "")
        joined = user.access.joined_here(Permission.AUDIT_VIEW)
        return self.filter(found | Q(board__in=joined) if joined else found)


class Event(models.Model):
    """Who did what to what, and when. Written once: the database refuses to change or delete it (core.append_only).

    What it says in words stands beside it in EventWords and can be erased; of the words it keeps a salted hash.
    """

    board = models.ForeignKey("boards.Board", models.PROTECT, null=True, related_name="+", db_index=False)
    family = models.ForeignKey("schools.Family", models.PROTECT, null=True, related_name="+", db_index=False)
    school = models.ForeignKey("schools.School", models.PROTECT, null=True, related_name="+", db_index=False)
    business = models.ForeignKey("businesses.Business", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    verb = models.CharField(max_length=40)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    subject_id = models.PositiveBigIntegerField()
    words_hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()
    is_append_only = True

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-at"], name="event_of_subject"),
            models.Index(fields=["board", "-at", "-id"], name="event_of_board"),
            models.Index(fields=["family", "-at", "-id"], name="event_of_family"),
            models.Index(fields=["school", "-at", "-id"], name="event_of_school"),
            models.Index(fields=["by", "-at", "-id"], name="event_by"),
            models.Index(fields=["board", "subject_type", "-at", "-id"], name="event_of_board_and_kind"),
            models.Index(fields=["board", "verb", "-at", "-id"], name="event_of_board_and_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_name}: {self.verb}"

    @property
    def subject_name(self) -> str:
        """What the thing was called then; "" once the words are erased."""
        return self.words.subject_name

    @property
    def why(self) -> str:
        """The reason that was given, if one was; "" once the words are erased."""
        return self.words.why

    def chain(self) -> Chain:
        return Chain(self.board_id, self.family_id, self.school_id, self.business_id)


class EventWordsQuerySet(models.QuerySet["EventWords"]):
    def visible_to(self, user: User) -> Self:
        """The words of the trail of the scopes `user` may audit."""
        return self.filter(event__in=Event.objects.visible_to(user))

    def waiting(self) -> Self:
        """Those of the Events that have no seal yet."""
        return self.filter(waits=True)


class EventWords(models.Model):
    """What an Event says in words. Erased, it is empty, and without the salt the hash in the Event tells nothing."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="words")
    subject_name = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=500, blank=True)
    salt = models.CharField(max_length=32, blank=True)
    waits = models.BooleanField(default=True)  # for its Event's seal: the queue of the minute task (accounts.chain)

    objects = EventWordsQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["event"], condition=Q(waits=True), name="event_waits_for_its_seal")]

    def __str__(self) -> str:
        return self.subject_name

    def chain(self) -> Chain:
        return self.event.chain()


class Seal(models.Model):
    """The place of an Event in the chain of its board; without a board, in that of the installation.

    Its hash covers the Event and the hash before it (accounts.chain). Written once, as the Event.
    """

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="seal")
    board = models.ForeignKey("boards.Board", models.PROTECT, null=True, related_name="+", db_index=False)
    position = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    is_append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "position"], name="one_seal_per_position"),
            # A NULL equals nothing, so the installation's own chain has its own constraint.
            models.UniqueConstraint(fields=["position"], condition=Q(board=None), name="one_seal_per_own_position"),
        ]

    def __str__(self) -> str:
        return f"{self.board_id or '-'}/{self.position}"


class ChainCheck(models.Model):
    """When the chain of a board was last looked through, and the first position that did not hold, if one did not."""

    board = models.OneToOneField("boards.Board", models.PROTECT, primary_key=True, related_name="+")
    checked_at = models.DateTimeField()
    broken_at = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.board_id}: {self.broken_at or 'holds'}"
