"""What a browser is called."""

from django.utils.translation import gettext as _


def browser_of(user_agent: str) -> str:
    """What a person calls the browser that says `user_agent` of itself."""
    named = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac", "Mac"))
    browser = next((name for sign, name in named if sign in user_agent), "")
    system = next((name for sign, name in (*systems, ("Linux", "Linux")) if sign in user_agent), "")
    return ", ".join(part for part in (browser, system) if part) or _("Another browser")
