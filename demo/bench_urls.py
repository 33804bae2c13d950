"""The site's own addresses and one bare page, for the benchmark only."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from accounts.policies import Request, signed_in
from config.urls import PACKAGE_POLICIES, handler400, handler403, handler404, handler500
from config.urls import urlpatterns as site
from schools.models import School

__all__ = ["PACKAGE_POLICIES", "handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@signed_in
def bare(request: Request) -> HttpResponse:
    """25 plain rows by one indexed query, in the site's own frame."""
    return render(request, "demo/bare.html", {"rows": School.objects.order_by("pk")[:25]})


urlpatterns = [*site, path("bare/", bare, name="bare")]
