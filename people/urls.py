from django.urls import path

from people.views import account, coming_in, members

urlpatterns = [
    path("come-in/<str:token>/", coming_in.sign_in_link, name="sign_in_link"),
    path("invitations/<str:invitation>/accept/", coming_in.accept_invitation, name="accept_invitation"),
    path("members/", members.people, name="people"),
    path("members/invite/", members.invite, name="invite"),
    path("members/invitations/<int:pk>/again/", members.invitation_again, name="invitation_again"),
    path("members/invitations/<int:pk>/withdraw/", members.invitation_withdraw, name="invitation_withdraw"),
    path("members/roles/<int:pk>/", members.membership_change, name="membership_change"),
    path("members/roles/<int:pk>/end/", members.membership_end, name="membership_end"),
    path("members/roles/<int:pk>/away/", members.membership_away, name="membership_away"),
    path("members/days-away/<int:pk>/call-off/", members.absence_call_off, name="absence_call_off"),
    path("me/", account.me, name="me"),
    path("me/sessions/", account.sessions, name="sessions_of_me"),
    path("me/sessions/end/", account.session_end, name="session_end"),
    path("language/", account.language, name="language"),
    path("theme/", account.theme, name="theme"),
]
