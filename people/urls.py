from django.urls import path

from people import views

urlpatterns = [
    path("come-in/<str:token>/", views.sign_in_link, name="sign_in_link"),
    path("invitations/<str:invitation>/accept/", views.accept_invitation, name="accept_invitation"),
    path("members/", views.people, name="people"),
    path("members/invite/", views.invite, name="invite"),
    path("members/invitations/<int:pk>/again/", views.invitation_again, name="invitation_again"),
    path("members/invitations/<int:pk>/withdraw/", views.invitation_withdraw, name="invitation_withdraw"),
    path("members/roles/<int:pk>/", views.membership_change, name="membership_change"),
    path("members/roles/<int:pk>/end/", views.membership_end, name="membership_end"),
    path("members/roles/<int:pk>/away/", views.membership_away, name="membership_away"),
    path("members/days-away/<int:pk>/call-off/", views.absence_call_off, name="absence_call_off"),
    path("me/", views.me, name="me"),
    path("me/sessions/", views.sessions, name="sessions_of_me"),
    path("me/sessions/end/", views.session_end, name="session_end"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
]
