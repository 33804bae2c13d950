"""What organisations do: one fixed list for every board, so that a board's rules can name a sector."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sector(TextChoices):
    FARMING = "farming", _("Farming and fishing")
    FOOD = "food", _("Grocery, food and restaurants")
    CONSTRUCTION = "construction", _("Construction and skilled trades")
    MANUFACTURING = "manufacturing", _("Manufacturing and robotics")
    ENERGY = "energy", _("Energy, mining and environment")
    TRANSPORTATION = "transportation", _("Transportation")
    RETAIL = "retail", _("Shops and services")
    TOURISM = "tourism", _("Hotels and tourism")
    BANKING = "banking", _("Banking and insurance")
    PROPERTY = "property", _("Property and housing")
    PROFESSIONS = "professions", _("Law, accounting and consulting")
    TECHNOLOGY = "technology", _("Software and games")
    MEDIA = "media", _("Media and communications")
    ARTS = "arts", _("Arts, stage and culture")
    SPORT = "sport", _("Sport and recreation")
    HEALTH = "health", _("Health and social services")
    EDUCATION = "education", _("Education and research")
    GOVERNMENT = "government", _("Government and public safety")
    COMMUNITY = "community", _("Community and faith groups")
    RESTRICTED = "restricted", _("Alcohol, tobacco, cannabis, gambling or weapons")
    OTHER = "other", _("Something else")
